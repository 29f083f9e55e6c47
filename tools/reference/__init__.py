"""Reference pages in German and English, made from the definitions themselves."""

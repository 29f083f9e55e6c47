"""What a customer may want next: `recommendations.recommend.of(history)`."""

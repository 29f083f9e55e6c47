"""Looking for oneself: numbers put together freely, saved views, and questions in SQL."""

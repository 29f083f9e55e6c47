"""Money: decimals, currencies and rates, taxes and postage, gift cards, what an order is worth."""

"""Files beside the orders: what a file holds, refunds, customers and their groups."""

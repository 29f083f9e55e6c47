"""When a product is due again for a customer: `replenishment.due.of(history)`."""

"""What we ask of the outside, as protocols: mail, SMS, shop, payment. Empty so far."""

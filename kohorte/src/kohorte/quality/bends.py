"""Which metrics a defect bends, by what they are made of."""

from __future__ import annotations

RETENTION = ("customer_retention_rate", "customer_churn_rate")
LIFETIME = ("customer_lifetime_value", "customer_lifetime_profit")
REPEAT = ("repeat_purchase_rate", "repeat_rate_90_days", "purchase_frequency")
RETURNING = ("returning_customers", "returning_customer_rate", "new_customers")
PEOPLE = (*RETENTION, *REPEAT, *RETURNING, "customers")
VALUE = ("revenue", "average_order_value", "customer_value", *LIFETIME)
VOLUME = ("orders", "revenue", "customers", "new_customers")

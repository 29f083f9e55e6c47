"""Which metrics a defect bends, by what they are made of."""

from __future__ import annotations

RETENTION = ("customer_retention_rate", "customer_churn_rate", "lapse_rate")
LIFETIME = ("customer_lifetime_value", "customer_lifetime_profit")
REPEAT = (
    *("repeat_purchase_rate", "repeat_rate_90_days", "kaplan_meier_repeat_rate"),
    *("one_time_customer_rate", "time_between_orders"),
    *("purchase_frequency", "median_orders_per_customer"),
)
RETURNING = ("returning_customers", "returning_customer_rate", "new_customers")
PEOPLE = (*RETENTION, *REPEAT, *RETURNING, "customers")
VALUE = ("revenue", "average_order_value", "customer_value", *LIFETIME)
VOLUME = ("orders", "revenue", "customers", "new_customers")

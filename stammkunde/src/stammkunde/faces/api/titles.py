"""What the paths of each kind of row are called: list, read, record, take back, record many."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as N

TITLES: Mapping[str, tuple[str, str, str, str, str]] = {
    "orders": (
        N("List orders"), N("Read an order"), N("Record an order"), N("Take back an order"),
        N("Record orders"),
    ),
    "refunds": (
        N("List refunds"), N("Read a refund"), N("Record a refund"), N("Take back a refund"),
        N("Record refunds"),
    ),
    "products": (
        N("List products"), N("Read a product"), N("Record a product"), N("Take back a product"),
        N("Record products"),
    ),
    "spend": (
        N("List spend"), N("Read an expense"), N("Record an expense"), N("Take back an expense"),
        N("Record spend"),
    ),
    "leads": (
        N("List leads"), N("Read a lead"), N("Record a lead"), N("Take back a lead"),
        N("Record leads"),
    ),
    "subscriptions": (
        N("List contracts"), N("Read a contract"), N("Record a contract"),
        N("Take back a contract"), N("Record contracts"),
    ),
    "responses": (
        N("List answers to surveys"), N("Read an answer"), N("Record an answer"),
        N("Take back an answer"), N("Record answers to surveys"),
    ),
    "tickets": (
        N("List requests to customer service"), N("Read a request to customer service"),
        N("Record a request to customer service"), N("Take back a request to customer service"),
        N("Record requests to customer service"),
    ),
    "referrals": (
        N("List referrals"), N("Read a referral"), N("Record a referral"),
        N("Take back a referral"), N("Record referrals"),
    ),
    "returns": (
        N("List returns"), N("Read a return"), N("Record a return"), N("Take back a return"),
        N("Record returns"),
    ),
    "deliveries": (
        N("List deliveries"), N("Read a delivery"), N("Record a delivery"),
        N("Take back a delivery"), N("Record deliveries"),
    ),
}  # fmt: skip

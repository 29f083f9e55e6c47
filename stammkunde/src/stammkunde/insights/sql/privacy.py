"""What questions in SQL contribute to the erasure of a person: somebody may have typed who that is."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from stammkunde.insights.sql import services
from stammkunde.insights.sql.models import Query
from stammkunde.records.customers.privacy import Person


def erase(person: Person) -> dict[str, int]:
    """Delete the questions whose text tells the person, with their results; return how many."""
    shop_id = person.customer.shop_id
    found = Query.objects.filter(shop_id=shop_id).values_list("pk", "text")
    telling = [pk for pk, text in found.iterator() if person.is_told_by(text)]
    Query.objects.filter(pk__in=telling).delete()
    for pk in telling:
        transaction.on_commit(partial(services.drop, shop_id, pk))
    return {"queries": len(telling)} if telling else {}

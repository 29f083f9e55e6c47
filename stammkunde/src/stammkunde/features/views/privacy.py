"""What saved views contribute to the erasure of a person: somebody may have typed who that is."""

from __future__ import annotations

from urllib.parse import unquote_plus

from stammkunde.features.views.models import View
from stammkunde.records.customers.privacy import Person


def erase(person: Person) -> dict[str, int]:
    """Delete the views whose name, condition or text tells the person; return how many."""
    found = View.objects.filter(shop_id=person.customer.shop_id)
    telling = [
        pk
        for pk, *said in found.values_list("pk", "name", "query", "text").iterator()
        if any(person.is_told_by(unquote_plus(each)) for each in said)
    ]
    View.objects.filter(pk__in=telling).delete()
    return {"views": len(telling)} if telling else {}

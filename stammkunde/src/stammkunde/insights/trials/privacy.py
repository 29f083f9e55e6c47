"""What trials contribute to the erasure of a person.

Their rows are gone once a file is read; what stays are sums of ten customers at least, which tell nobody.
A file that still waits may tell the person, so it goes; a name or a plan that tells them goes as well.
"""

from __future__ import annotations

from stammkunde.insights.trials import services
from stammkunde.insights.trials.models import FAILED, READING, Trial
from stammkunde.records.customers.privacy import Person


def erase(person: Person) -> dict[str, int]:
    """Drop files that wait, and trials whose names or plans tell the person; return how many."""
    found = Trial.objects.filter(shop_id=person.customer.shop_id)
    waiting = list(found.filter(state=READING))
    for trial in waiting:
        services.drop_file(trial)
        Trial.objects.filter(pk=trial.pk, state=READING).update(state=FAILED, folder="")
    told = [
        pk
        for pk, plan, *said in found.values_list("pk", "plan", "name", "file_name").iterator()
        if any(
            person.is_told_by(each)
            for each in (*said, plan.get("hypothesis", ""), plan.get("where", ""))
        )
    ]
    Trial.objects.filter(pk__in=told).delete()
    count = len(waiting) + len(told)
    return {"trials": count} if count else {}

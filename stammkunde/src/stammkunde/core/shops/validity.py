"""What the tables of shops hold true, told as a refusal that names its fields."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Invitation, Shop


def require_valid(record: Shop | Invitation) -> None:
    """Refuse what the table would not take.

    Raises
    ------
    Refused
        A field cannot be as it is; the sentences stand at their fields.
    """
    try:
        record.full_clean()
    except ValidationError as fault:
        fields = {key: " ".join(messages) for key, messages in fault.message_dict.items()}
        raise Refused(" ".join(fields.values()), name="form.invalid", fields=fields) from fault

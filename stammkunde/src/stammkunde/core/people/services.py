"""Verbs that change people who sign in."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.people.models import Person


@transaction.atomic
def create(
    email: str,
    *,
    password: str | None,
    actor: Actor | None,
    name: str = "",
    language: str = "de",
    is_operator: bool = False,
) -> Person:
    """Create a person; without an actor it is the person who does.

    Parameters
    ----------
    password
        None where the person sets one by a link later.

    Raises
    ------
    Refused
        The address is none or taken, or the password is weak; the sentences stand at their fields.
    """
    person = Person(
        email=Person.objects.normalize_email(email),
        name=name.strip(),
        language=language,
        is_operator=is_operator,
    )
    if Person.objects.filter(email__iexact=person.email).exists():
        taken = _("Somebody with this address has an account already.")
        raise Refused(taken, name="person.exists", fields={"email": taken})
    _require_valid(person, password)
    person.set_password(password)
    person.save()
    audit.note(
        "person.created",
        actor=actor or Actor("person", person.pk),
        about=("person", person.pk),
        is_operator=is_operator,
    )
    return person


@transaction.atomic
def change(person: Person, *, name: str, language: str, actor: Actor) -> Person:
    """Change how a person is called and in which language they read.

    Raises
    ------
    Refused
        There is no such language, or the name is too long.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    changed = [
        key
        for key, value in {"name": name.strip(), "language": language}.items()
        if getattr(locked, key) != value
    ]
    locked.name, locked.language = name.strip(), language
    _require_valid(locked, None)
    if changed:
        locked.save(update_fields=changed)
        # The name itself would outlive an erasure in the log.
        audit.note("person.changed", actor=actor, about=("person", person.pk), what=changed)
    return locked


@transaction.atomic
def set_password(person: Person, password: str, *, actor: Actor) -> Person:
    """Set a person's password; every session that rests on the old one ends.

    Raises
    ------
    Refused
        The password is weak.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    _require_valid(locked, password)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    audit.note("person.password_set", actor=actor, about=("person", person.pk))
    return locked


@transaction.atomic
def end_sessions(person: Person, *, actor: Actor) -> Person:
    """End every session of a person; whoever goes on in one gives it the new hash right after."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.session_generation += 1
    locked.save(update_fields=["session_generation"])
    audit.note("person.sessions_ended", actor=actor, about=("person", person.pk))
    return locked


@transaction.atomic
def set_operator(person: Person, is_operator: bool, *, actor: Actor) -> Person:
    """Let a person look after the installation, or no longer."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.is_operator != is_operator:
        locked.is_operator = is_operator
        locked.save(update_fields=["is_operator"])
        name = "person.made_operator" if is_operator else "person.operator_ended"
        audit.note(name, actor=actor, about=("person", person.pk))
    return locked


def _require_valid(person: Person, password: str | None) -> None:
    fields: dict[str, str] = {}
    try:
        person.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    except ValidationError as fault:
        fields = {key: " ".join(messages) for key, messages in fault.message_dict.items()}
    try:
        if password is not None:
            validate_password(password, person)
    except ValidationError as fault:
        fields["password"] = " ".join(fault.messages)
    if fields:
        raise Refused(" ".join(fields.values()), name="form.invalid", fields=fields)

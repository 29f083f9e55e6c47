"""What the commands say and do; what can be put right is one sentence and exit code 2."""

from __future__ import annotations

import pytest
import typer
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core.audit.models import Event
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Invitation, Membership, Shop
from stammkunde.faces.cli import app, product, words
from stores_and_cast import Cast, Store  # type: ignore[import-not-found]

PASSWORD = "quiet river under stones"  # noqa: S105  # of nobody


def texts(group: object) -> list[str]:
    """Return every text of the help."""
    found = [group.help]  # type: ignore[attr-defined]
    for command in group.commands.values():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            found += texts(command)
        else:
            found += [command.help, *(parameter.help for parameter in command.params)]
    return found


def test_every_text_of_the_help_has_german_words() -> None:
    said = texts(typer.main.get_command(app.build("en")))

    assert all(said)
    assert [text for text in said if words.translate(text, "de") == text] == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["serve", "--prot", "80"], "There is no option --prot."),
        (["serve", "--port", "http"], "--port does not take this value."),
        (["shop", "found"], "NAME is missing."),
        (["frobnicate"], "This command cannot be understood."),
    ],
)
def test_a_line_that_cannot_be_understood_is_explained(
    run: Run,  # noqa: F811
    line: list[str],
    sentence: str,
) -> None:
    answer = run(*line)

    assert answer.code == 2
    assert answer.complained.startswith(sentence)
    assert answer.said == ""


def test_a_bad_setting_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def refuse(_spoken: str) -> None:
        raise ImproperlyConfigured("STAMMKUNDE_SECRET_KEY must be set.")

    monkeypatch.setattr(product, "load", refuse)

    answer = run("doctor", language="de")

    assert answer.code == 2
    assert "Einstellungen sind nicht brauchbar: STAMMKUNDE_SECRET_KEY" in answer.complained
    assert "Traceback" not in answer.complained


@pytest.mark.django_db
class TestShops:
    def test_a_shop_is_founded_listed_and_changed(self, cast: Cast, run: Run) -> None:  # noqa: F811
        made = run("shop", "found", "Bücher & mehr", "--owner", "Tina@example.com", "--zone", "UTC")
        assert (made.code, made.said) == (
            0,
            "Founded “Bücher & mehr” at the address buecher-mehr.\n",
        )
        shop = Shop.objects.get(slug="buecher-mehr")
        assert shop.memberships.get().person == cast.tina

        listed = run("shop", "list").said
        assert "buecher-mehr\tBücher & mehr\tUTC\tEUR\t1\n" in listed
        assert "kaesehaus\tKäsehaus\tEurope/Berlin\tEUR\t4\n" in listed

        changed = run("shop", "change", "buecher-mehr", "--window-days", "400", language="de")
        assert changed.said == "„Bücher & mehr“ ist geändert.\n"
        shop.refresh_from_db()
        assert (shop.window_days, shop.version) == (400, 2)
        assert run("shop", "change", "buecher-mehr").said == "Nothing has changed.\n"
        assert Event.objects.filter(shop_id=shop.id, actor_kind="command").count() == 2

    @pytest.mark.parametrize(
        "line",
        [
            ["shop", "found", "A", "--zone", "Europe/Atlantis"],
            ["shop", "found", "A", "--owner", "nobody@example.com"],
            ["shop", "change", "nowhere", "--name", "B"],
            ["shop", "change", "kaesehaus", "--window-days", "1"],
        ],
    )
    def test_what_cannot_be_changes_nothing(self, cast: Cast, run: Run, line: list[str]) -> None:  # noqa: F811
        answer = run(*line)

        assert answer.code == 2
        assert answer.complained.strip()
        assert Shop.objects.count() == 2
        assert Shop.objects.get(slug="kaesehaus").version == 1


@pytest.mark.django_db
class TestPeople:
    def test_somebody_is_added_with_a_password_that_was_asked_for(
        self,
        cast: Cast,
        run: Run,  # noqa: F811
    ) -> None:
        line = ["user", "add", "new@example.com", "--shop", "teekontor", "--role", "analyst"]

        assert run(*line, password=PASSWORD).said == "Added new@example.com.\n"

        person = Person.objects.get(email="new@example.com")
        assert person.check_password(PASSWORD)
        assert not person.is_operator
        assert Membership.objects.get(person=person).role == "analyst"
        assert "new@example.com\t\tteekontor:analyst\n" in run("user", "list").said

    @pytest.mark.parametrize("password", ["short", "password1234", "new@example.com"])
    def test_a_weak_password_adds_nobody(self, cast: Cast, run: Run, password: str) -> None:  # noqa: F811
        answer = run("user", "add", "new@example.com", "--shop", "teekontor", password=password)

        assert answer.code == 2
        assert not Person.objects.filter(email="new@example.com").exists()

    def test_a_link_invites_instead(self, cast: Cast, run: Run, settings: object) -> None:  # noqa: F811
        address = ["--address", "https://shop.example/"]
        answer = run("user", "add", "new@example.com", "--shop", "teekontor", "--invite", *address)

        link = answer.said.splitlines()[-1]
        assert link.startswith("https://shop.example/")
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role, invitation.shop) == (
            "new@example.com",
            "owner",
            cast.tea,
        )
        assert not Person.objects.filter(email="new@example.com").exists()
        assert run("user", "add", "b@example.com", "--invite").code == 2

    def test_a_password_is_set_and_a_role_given(self, cast: Cast, run: Run) -> None:  # noqa: F811
        assert run("user", "password", "OLGA@example.com", password=PASSWORD).code == 0
        assert run("user", "operator", "olga@example.com").code == 0

        olga = Person.objects.get(pk=cast.olga.pk)
        assert olga.check_password(PASSWORD)
        assert olga.is_operator
        assert "operator" in run("user", "list").said
        assert run("user", "operator", "olga@example.com", "--remove").code == 0
        assert not Person.objects.get(pk=cast.olga.pk).is_operator
        names = list(Event.objects.order_by("id").values_list("name", flat=True))
        assert names[-3:] == [
            "person.password_set",
            "person.made_operator",
            "person.operator_ended",
        ]

    def test_nobody_else_is_touched(self, cast: Cast, run: Run) -> None:  # noqa: F811
        answer = run("user", "password", "nobody@example.com", password=PASSWORD)

        assert answer.code == 2
        assert not Event.objects.filter(name="person.password_set").exists()


class TestDoctor:
    @pytest.fixture(autouse=True)
    def own_folder(self, settings: object, tmp_path: object) -> None:
        settings.DATA = tmp_path  # type: ignore[attr-defined]

    def test_a_sound_installation_has_no_faults(self, own_store: Store, run: Run) -> None:  # noqa: F811
        answer = run("doctor")

        assert "✗" not in answer.said
        assert "✓ What must not be changed cannot be changed.\n" in answer.said
        assert "✓ Background work keeps up.\n" in answer.said
        assert "! Developer mode is on.\n  → Set STAMMKUNDE_DEBUG=0" not in answer.said
        assert answer.code == 0

    def test_a_missing_trigger_is_found(self, own_store: Store, run: Run) -> None:  # noqa: F811
        on = " ON audit_event" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER audit_event_no_delete{on}")

        answer = run("doctor")

        assert answer.code == 1
        assert "✗ Rows of the table audit_event can be changed" in answer.said
        assert "  → " in answer.said

    def test_steps_that_are_missing_are_counted(self, own_store: Store, run: Run) -> None:  # noqa: F811
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

        answer = run("doctor")

        assert answer.code == 1
        assert "✗ The database is not up to date; steps missing: 1." in answer.said

    def test_a_newer_database_is_left_alone(self, own_store: Store, run: Run) -> None:  # noqa: F811
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) "
                "VALUES ('jobs', '9999_later', CURRENT_TIMESTAMP)"
            )

        assert "newer version of Stammkunde (jobs.9999_later)" in run("doctor").said
        assert run("worker").code == 2

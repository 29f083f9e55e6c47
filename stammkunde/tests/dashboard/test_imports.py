"""Files of a shop through its pages: sent, asked about, tried, published, undone."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashboard.conftest import SignIn
from importing import FILE, imported, looked, received, rows  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import FAILED, OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.people.models import Person
from stammkunde.faces import spool
from stammkunde.features.imports import previews, services
from stammkunde.features.imports.models import Import
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Order
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGES = "/kaesehaus/data/"
NO_TABLE = "Ort;Farbe\r\nBonn;rot\r\n"
ANSWERS = {"taxes": "inside", "postage": "inside"}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


def work() -> None:
    """Do all jobs that wait, as the worker would."""
    while job := Job.objects.filter(state__in=OPEN).order_by("id").first():
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def send(client: Client, *files: tuple[str, str], **more: str) -> Any:
    """Send files through the form; FILE unless others are given."""
    sent = [
        SimpleUploadedFile(name, text.encode("cp1252"), content_type="text/csv")
        for name, text in files or (("orders.csv", FILE),)
    ]
    return client.post(f"{PAGES}new/", {"uploads": sent, "channel": "shop", **more})


def said(answer: Any) -> str:
    """Return what a page says, without its tags."""
    text = re.sub(r"(?s)<(head|aside)\b.*?</\1>", " ", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").split())


def ready(cast: Cast, text: str = FILE) -> Import:
    """Let a file be read, answered and tried."""
    import_ = received(cast.cheese, text)
    services.answer(import_, ANSWERS, actor=COMMAND)
    return previews.complete(services.look(import_))


class TestTheWay:
    def test_from_the_upload_to_the_customers_and_back(self, as_: SignIn, cast: Cast) -> None:
        client = as_(cast.anton)
        answer = send(client)
        page = answer["Location"]
        assert answer.status_code == 303
        assert "The files are being read" in said(client.get(page))

        work()
        asking = said(client.get(page))
        assert "2 questions before it goes on" in asking
        assert "A1 5 Jan 2026, 10:00 17 €10.00 counts" in asking

        client.post(f"{page}answers/", {"answer0": "inside", "answer1": "inside"})
        work()
        tried = said(client.get(page))
        assert "Orders 4 0 0" in tried
        assert "Publish 4 rows" in tried
        assert not Order.objects.exists()

        for _click in range(2):
            client.post(f"{page}publish/")
        assert Job.objects.filter(name="imports.publish").count() == 1
        assert "The import is being published" in said(client.get(page))
        work()
        assert "Published Since" in said(client.get(page))
        assert (Order.objects.count(), Customer.objects.count()) == (4, 3)

        assert "What it brought goes" in said(client.get(f"{page}undo/"))
        client.post(f"{page}undo/")
        work()
        assert "the rows of this import count nowhere" in said(client.get(page))
        assert (Order.objects.count(), Customer.objects.count()) == (0, 0)

    def test_the_history_says_what_came_when_from_whom(self, as_: SignIn, cast: Cast) -> None:
        client = as_(cast.mara)
        assert "Begin with the orders" in said(client.get(PAGES))
        send(client, ("orders.csv", FILE), ("refunds.csv", "Datum;Betrag\r\n05.05.2026;5,00\r\n"))

        assert re.search(
            r"orders\.csv and one more Import \d+ Uploaded – .+ Mara", said(client.get(PAGES))
        )

    def test_the_same_file_again_leads_to_the_first_import(self, as_: SignIn, cast: Cast) -> None:
        client = as_(cast.olga)
        first = send(client)["Location"]
        again = send(client, ("other-name.csv", FILE))["Location"]

        assert again == f"{first}?again"
        assert "You have sent exactly these files before" in said(client.get(again))
        assert Import.objects.count() == 1
        assert Job.objects.filter(name="imports.look").count() == 1

    def test_our_script_is_told_where_to_go(self, as_: SignIn, cast: Cast) -> None:
        file = SimpleUploadedFile("orders.csv", FILE.encode())
        answer = as_(cast.olga).post(
            f"{PAGES}new/", {"uploads": [file]}, headers={"accept": "application/json"}
        )
        assert answer.json() == {"url": f"{PAGES}{Import.objects.get().pk}/"}

    def test_what_would_change_is_shown_old_and_new(self, as_: SignIn, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        import_ = ready(
            cast, FILE.replace("20,00", "25,00").replace("bezahlt;Gouda;3", "storniert;Gouda;3")
        )

        page = said(as_(cast.olga).get(f"{PAGES}{import_.pk}/"))

        assert "Orders 0 2 2" in page
        assert "A2 Amount: €20.00 → €25.00" in page
        assert "A3 Status: counts → cancelled" in page

    def test_an_answer_that_stays_is_not_read_again(self, as_: SignIn, cast: Cast) -> None:
        import_ = ready(cast)
        Job.objects.all().delete()
        client, page = as_(cast.olga), f"{PAGES}{import_.pk}/answers/"

        client.post(page, {"answer0": "inside", "answer1": "inside"})
        assert not Job.objects.exists()
        client.post(page, {"answer0": "outside", "answer1": "inside"})
        assert Job.objects.get().name == "imports.look"
        import_.refresh_from_db()
        assert (import_.said["taxes"], import_.state) == ("outside", "uploaded")

    def test_a_missing_answer_is_asked_for(self, as_: SignIn, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE)
        answer = as_(cast.olga).post(f"{PAGES}{import_.pk}/answers/", {"answer0": "inside"})

        assert answer.status_code == 422
        assert "Please choose one of the answers." in said(answer)
        import_.refresh_from_db()
        assert import_.said == {}


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("en", "No column of orders.csv was recognized as the date of the order."),
            ("de", "In orders.csv wurde keine Spalte als Bestelldatum erkannt."),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(
        self, as_: SignIn, cast: Cast, language: str, sentence: str
    ) -> None:
        client = as_(cast.olga)
        Person.objects.filter(pk=cast.olga.pk).update(language=language)
        page = send(client, ("orders.csv", NO_TABLE))["Location"]
        work()

        shown = said(client.get(page))

        assert sentence in shown
        assert "--column" not in shown
        assert not Order.objects.exists()

    def test_who_says_which_column_is_what_needs_no_other_file(
        self, as_: SignIn, cast: Cast
    ) -> None:
        client = as_(cast.olga)
        strange = "Wann genau;Wer denn;Wieviel\r\n05.01.2026;17;10,00\r\n06.01.2026;18;12,00\r\n"
        page = send(client, ("orders.csv", strange))["Location"]
        work()
        columns = {"date": "Wann genau", "customer_id": "Wer denn", "amount": "Wieviel"}
        client.post(f"{page}columns/", columns)
        work()

        import_ = Import.objects.get()
        assert (import_.state, import_.understood["counts"]["orders"]) == ("questions", 2)

    def test_nothing_chosen_is_said_at_the_field(self, as_: SignIn, cast: Cast) -> None:
        answer = as_(cast.olga).post(f"{PAGES}new/", {"channel": "shop"})
        assert answer.status_code == 422
        assert "Choose at least one file." in said(answer)

    def test_an_empty_file_is_refused_and_nothing_kept(
        self, as_: SignIn, cast: Cast, data: Path
    ) -> None:
        answer = send(as_(cast.olga), ("orders.csv", FILE), ("empty.csv", ""))

        assert answer.status_code == 422
        assert "The file is empty." in said(answer)
        assert not Import.objects.exists()
        assert not [path for path in data.rglob("*") if path.is_file()]

    def test_too_large_is_refused_before_it_is_read(
        self, as_: SignIn, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.UPLOAD_BYTES_MAX = 100
        monkeypatch.setattr(spool, "BESIDE_BYTES", 0)
        answer = send(as_(cast.olga))

        assert answer.status_code == 413
        assert "larger than 1 kB. Nothing was kept." in said(answer)
        assert not Import.objects.exists()

    def test_work_that_broke_off_can_go_on(self, as_: SignIn, cast: Cast) -> None:
        client, import_ = as_(cast.olga), ready(cast)
        page = f"{PAGES}{import_.pk}/"
        client.post(f"{page}publish/")
        Job.objects.filter(name="imports.publish").update(state=FAILED)
        assert "Publishing broke off" in said(client.get(page))

        client.post(f"{page}go-on/")
        work()
        assert Order.objects.count() == 4

    def test_undoing_says_what_stands_in_the_way(self, as_: SignIn, cast: Cast) -> None:
        first = imported(cast.cheese, FILE)
        second = imported(cast.cheese, FILE.replace("20,00", "25,00"))
        client = as_(cast.olga)
        answer = client.post(f"{PAGES}{first.pk}/undo/", follow=True)

        assert f"Later imports changed rows of this one: {second.pk}." in said(answer)
        first.refresh_from_db()
        assert first.state == "published"

    def test_an_open_question_keeps_it_from_being_published(self, as_: SignIn, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE)
        answer = as_(cast.olga).post(f"{PAGES}{import_.pk}/publish/", follow=True)
        assert "Answer them first." in said(answer)
        assert not Job.objects.filter(name="imports.publish").exists()


class TestWhatIsLeftOut:
    LEFT_OUT = rows(
        *(f"N{n};05.01.2026 10:00;;;;10,00;bezahlt;Brie;1" for n in range(60)),
        "A1;05.01.2026 10:00;17;;;10,00;bezahlt;Brie;1",
    )

    def test_rows_are_listed_by_page_and_come_as_a_file(self, as_: SignIn, cast: Cast) -> None:
        import_ = ready(cast, self.LEFT_OUT)
        client, page = as_(cast.olga), f"{PAGES}{import_.pk}/left-out"

        assert "No customer Counts as" in said(client.get(f"{PAGES}{import_.pk}/"))
        assert client.get(f"{page}/").content.decode().count('scope="row"') == 50
        assert client.get(f"{page}/?start=50").content.decode().count('scope="row"') == 10
        assert client.get(f"{page}/?start=x&reason=nothing").status_code == 200
        file = client.get(f"{page}.csv").getvalue().decode()
        assert file.splitlines()[1] == "orders.csv,2,No customer,,,"
        assert len(file.splitlines()) == 61


class TestWhoMay:
    def addresses(self, shop: str, number: int) -> list[str]:
        names = ("import", "state", "answer", "columns", "look", "publish", "go_on", "undo",
                 "left_out", "bad_rows", "left_out_file")  # fmt: skip
        return [reverse(f"imports_{name}", args=[shop, number]) for name in names]

    def test_an_import_of_another_shop_does_not_exist(self, as_: SignIn, cast: Cast) -> None:
        import_ = imported(cast.tea, FILE)
        client = as_(cast.olga)
        for address in self.addresses("kaesehaus", import_.pk):
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code == 404, address
        assert "Begin with the orders" in said(client.get(PAGES))

    def test_support_and_strangers_may_not(self, as_: SignIn, cast: Cast) -> None:
        import_ = imported(cast.cheese, FILE)
        addresses = [PAGES, f"{PAGES}new/", f"{PAGES}examples/orders.csv"]
        addresses += self.addresses("kaesehaus", import_.pk)
        for person, status in ((cast.sven, 403), (cast.tina, 404)):
            client = as_(person)
            for address in addresses:
                assert client.get(address).status_code == status, address
                assert client.post(address).status_code == status, address
        assert Import.objects.count() == 1

    def test_a_forged_form_is_refused_and_nothing_kept(self, cast: Cast, data: Path) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.olga)

        assert send(client).status_code == 403
        assert not Import.objects.exists()
        assert not [path for path in data.rglob("*") if path.is_file()]

    def test_a_look_changes_nothing(self, as_: SignIn, cast: Cast) -> None:
        import_ = ready(cast)
        client = as_(cast.olga)
        for address in self.addresses("kaesehaus", import_.pk):
            client.get(address)
        import_.refresh_from_db()
        assert import_.state == "previewed"
        assert not Job.objects.exists()


def test_example_files_are_in_the_language_of_whoever_asks(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.olga)
    english = client.get(f"{PAGES}examples/orders.csv").content.decode("utf-8-sig")
    Person.objects.filter(pk=cast.olga.pk).update(language="de")
    answer = client.get(f"{PAGES}examples/orders.csv")

    assert "Order number,E-mail address" in english
    assert "Bestellnummer;E-Mail-Adresse" in answer.content.decode("utf-8-sig")
    assert "kohorte" not in english
    assert "bestellungen.csv" in answer["Content-Disposition"]
    assert client.get(f"{PAGES}examples/nothing.csv").status_code == 404


class TestDeleting:
    def test_what_nobody_wants_goes_with_its_files_and_can_be_sent_again(
        self, as_: SignIn, cast: Cast, data: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = as_(cast.anton)
        import_ = ready(cast)
        page = f"{PAGES}{import_.pk}/"
        assert f"{page}delete/" in client.get(page).content.decode()
        assert "Nothing of them has counted so far" in said(client.get(f"{page}delete/"))

        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"{page}delete/", follow=True)

        assert "The files have been deleted." in said(answer)
        assert not Import.objects.exists()
        assert not list(data.rglob("*.csv"))
        assert Event.objects.get(name="import.discarded").object_id == str(import_.pk)
        assert client.get(page).status_code == 404
        assert send(client)["Location"] != page

    def test_what_counts_or_is_being_read_stays(self, as_: SignIn, cast: Cast) -> None:
        client = as_(cast.anton)
        published = imported(cast.cheese, FILE)
        client.post(f"{PAGES}{published.pk}/delete/")
        reading = received(cast.cheese, rows("Z1;05.01.2026;1;z@example.com;Z;1,00;bezahlt;G;1"))
        services.start_look(reading, actor=COMMAND)
        refused = client.post(f"{PAGES}{reading.pk}/delete/")

        assert "The files are being read." in said(refused)
        assert Import.objects.count() == 2


class TestProgress:
    def test_it_says_which_file_is_read_and_what_comes_after(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[tuple[int, int | None]] = []
        monkeypatch.setattr(Running, "progress", lambda _, done, total: told.append((done, total)))
        client = as_(cast.anton)
        more = rows("B1;05.01.2026;1;z@example.com;Z;1,00;bezahlt;G;1")
        page = send(client, ("a.csv", FILE), ("b.csv", more))["Location"]

        work()

        assert [done for done, _ in told][-5:] == [0, 1, 2, 3, 4]
        assert {total for _, total in told} == {5}
        words = []
        Job.objects.update(state="running", lease_until=clock.now(), progress_total=5)
        Import.objects.update(state="uploaded")
        for done, _total in told[-5:]:
            Job.objects.update(progress_done=done)
            words.append(said(client.get(page)))
        assert "File 1 of 2: a.csv" in words[0]
        assert "File 2 of 2: b.csv" in words[1]
        assert "Orders are being put together." in words[2]
        assert "People are being recognized." in words[3]
        assert "what would change is being tried" in words[4]

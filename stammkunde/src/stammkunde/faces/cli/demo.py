"""`stammkunde demo`: the product with two years of a real shop's orders, imported through the front door."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stammkunde.faces.cli import demo_points, imports, processes, product, words

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop

EMAIL, PASSWORD = "demo@example.com", "stammkunde-demo"
# Nobody knows any more whether the wholesaler's prices held taxes; postage stands in lines of its own.
SAID = {"taxes": "inside", "postage": "inside"}
# The shop's first day.
FROM = dt.date(2009, 12, 1)


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Folder of the demo; delete it to begin anew.")
    ] = Path("demo"),
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")
    ] = 8000,
    only_fill: Annotated[
        bool, typer.Option("--only-fill", help="Fill the demo's shop and do not serve it.")
    ] = False,
    language: words.LanguageOption = None,
) -> None:
    """Fill a shop with two years of a real wholesaler's orders and serve it on this machine only."""
    spoken = words.language(language)
    _settle(folder)
    product.load(spoken)
    from stammkunde.core.upkeep import starting

    if not only_fill:
        starting.require_port("127.0.0.1", port)
    starting.migrate()
    _fill(folder, spoken)
    if only_fill:
        return
    words.say(
        "The demo is ready at http://{where}:{port} – Ctrl+C ends it.",
        spoken,
        where="localhost",
        port=port,
    )
    words.say("Sign in with {email} and {password}.", spoken, email=EMAIL, password=PASSWORD)
    processes.serve("127.0.0.1", port, count=1, has_worker=True)
    words.say("Stammkunde has ended.", spoken)


def _settle(folder: Path) -> None:
    """Let the demo have a store, a data folder and a secret of its own, whatever the environment says."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "secret"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{(folder / 'store.sqlite3').absolute()}",
        "STAMMKUNDE_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "STAMMKUNDE_DATA": str((folder / "data").absolute()),
        "STAMMKUNDE_DEBUG": "0",
        "STAMMKUNDE_HTTPS": "0",
        "STAMMKUNDE_SECRET_KEY": kept.read_text(encoding="ascii"),
    }


def _fill(folder: Path, spoken: words.Language) -> None:
    """Found the shop, import its files and make the report, each only once."""
    from kohorte.demo import companion, write_online_retail
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.people.models import Person
    from stammkunde.core.shops import services
    from stammkunde.core.shops.models import Shop
    from stammkunde.insights import export, forecasts, reports, snapshots
    from stammkunde.insights.annotations import services as annotations

    shop = Shop.objects.filter(slug="online-retail").first()
    if shop is None:
        person = Person.objects.create_user(
            EMAIL, PASSWORD, name="Demo", language=spoken, is_operator=True
        )
        shop = services.found(
            "Online Retail",
            owner=person,
            actor=COMMAND,
            zone="Europe/London",
            currency="GBP",
            language=spoken,
        )
        # What is made up says so on every chart that shows it.
        annotations.add(shop, starts_on=FROM, text=companion.LABEL.render(spoken), actor=COMMAND)
    _bring(shop, write_online_retail(folder / "files"), spoken, said=SAID)
    _bring(shop, companion.write_companion(folder / "files"), spoken, said={})
    demo_points.fill(shop)
    report = reports.made(shop)
    if report is None or not report.is_current:
        words.say("Making the retention report", spoken)
        reports.make(shop)
    if snapshots.current(shop) is None:
        words.say("Computing the numbers", spoken)
    snapshots.refresh(shop)
    forecast = forecasts.current(shop)
    if forecast is None or not forecasts.is_of(forecast, shop, export.current(shop.pk)):
        words.say("Fitting the forecast", spoken)
        forecasts.make(shop)


def _bring(
    shop: Shop, files: Sequence[Path], spoken: words.Language, *, said: dict[str, str]
) -> None:
    """Import files as the command `import` does."""
    outcome = imports.bring(
        shop, files, said=dict(said), channel="shop", wish="publish", spoken=spoken
    )
    for line in outcome.lines:
        typer.echo(line, err=not outcome.is_fine)
    if not outcome.is_fine:
        raise typer.Exit(2)

"""Ask a Stammkunde installation for the numbers of a shop: one file, Python's own library and nothing else.

Save it beside your notebook; every installation hands it out at `/api/v1/stammkunde_client.py`.

    from stammkunde_client import Stammkunde

    shop = Stammkunde("https://shop.example", token="skt_…")
    rows = shop.series("customer_retention_rate", grain="month")

Every call returns plain rows, `list[dict]`, ready for `pandas.DataFrame(rows)` or `polars.DataFrame(rows)`.
Money is in major units of the shop's currency, days are texts such as "2026-01-31", what is not known is
None. What nobody asked before is computed first: the call waits for it. The token needs `metrics.read`, and
`customers.read` for lists of customers and orders.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any

__all__ = ["Problem", "Stammkunde"]
Row = dict[str, Any]
Rows = list[Row]
BASE = "/api/v1"
PAGE = 200
# A list is begun anew if the numbers were computed anew between two of its pages.
BEGINNINGS = 3
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WAIT = frozenset({202, 429, 503})


class Problem(Exception):
    """The shop cannot answer this.

    Parameters
    ----------
    status
        Of HTTP.
    name
        Dotted, the same in every language and version, such as `condition.unreadable`.
    detail
        What is wrong and what to do, in your language.
    errors
        The places that are wrong, if any.
    """

    def __init__(self, status: int, name: str, detail: str, errors: Rows | None = None) -> None:
        super().__init__(f"{detail} ({status} {name})")
        self.status, self.name, self.detail, self.errors = status, name, detail, errors or []


class Stammkunde:
    """The numbers of one shop.

    Parameters
    ----------
    address
        Of the installation, such as `https://shop.example`. Without encryption only this machine is asked:
        the token would be read on the way.
    token
        Made by an owner of the shop under “API keys”.
    language
        `en` or `de`: of names, definitions and problems.
    wait_seconds
        How long a call waits for what has to be computed first.
    sleep
        How it waits.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        language: str = "en",
        wait_seconds: float = 300,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("Give an address that begins with https://.")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._wait_seconds, self._sleep = wait_seconds, sleep
        # An answer from elsewhere is not followed, or the token would go there.
        self._opener = urllib.request.build_opener(_NoRedirect)

    def snapshot(self) -> Row | None:
        """Return of when the numbers are; None as long as there are none."""
        found: Row | None = self.get("/snapshot")["snapshot"]
        return found

    def metrics(self) -> Rows:
        """Return all metrics: slug, name, sentence, formula, unit, whether the data can tell it."""
        return self.rows("/metrics")

    def series(
        self,
        metric: str,
        *,
        grain: str = "month",
        segment: str | None = "all",
        since: str | None = None,
        until: str | None = None,
        where: str | None = None,
    ) -> Rows:
        """Return a metric over time: value, low, high and n of each period.

        Parameters
        ----------
        metric
            Its slug, as in the address of its page.
        grain
            `day`, `week`, `month`, `quarter`, `year` or `all`.
        segment
            `all`, `new`, `existing`, `unidentified`; None for each of them.
        since, until
            Only periods that begin on this day or later, and before that one.
        where
            A condition on customers, such as `country = "DE" and orders >= 2`.
        """
        asked = {"grain": grain, "segment": segment, "since": since, "until": until, "where": where}
        return self.rows(f"/metrics/{_part(metric)}/series", **asked)

    def groups(self, metric: str, *, by: str) -> Rows:
        """Return a metric by month of the largest groups, such as those by `country` or `channel`."""
        return self.rows(f"/metrics/{_part(metric)}/groups", by=by)

    def why(self, metric: str, *, before: str, after: str, by: str = "country") -> Rows:
        """Return what each group did to a metric between two months, such as 2026-01 and 2026-02."""
        return self.rows(f"/metrics/{_part(metric)}/why", before=before, after=after, by=by)

    def sql(self, metric: str) -> str:
        """Return the query that a metric is computed by."""
        return str(self.get(f"/metrics/{_part(metric)}/sql")["sql"])

    def moves(self, *, where: str | None = None) -> Rows:
        """Return how metrics moved into their last whole month, the surest first."""
        return self.rows("/moves", where=where)

    def breakdown(self, *, by: str) -> Rows:
        """Return metrics of groups side by side, over all time."""
        return self.rows("/breakdown", by=by)

    def cohorts(
        self, *, grain: str = "month", age: str = "calendar", where: str | None = None
    ) -> Rows:
        """Return a row for each cohort and age; `age` is `calendar` or `rolling`."""
        return self.rows("/cohorts", grain=grain, age=age, where=where)

    def movements(self, *, grain: str = "month", where: str | None = None) -> Rows:
        """Return who was active, gained, back again and lost in each period."""
        return self.rows("/movements", grain=grain, where=where)

    def rfm(self, *, where: str | None = None) -> Rows:
        """Return the groups of the RFM map."""
        return self.rows("/rfm", where=where)

    def survival(self, *, to_order: int = 2) -> Rows:
        """Return by which day how many percent ordered again (Kaplan–Meier)."""
        return self.rows("/survival", to_order=to_order)

    def due(self, *, where: str | None = None) -> Rows:
        """Return how many customers are overdue, due, not due yet, or lapsed."""
        return self.rows("/due", where=where)

    def reasons(self) -> Rows:
        """Return the reasons that customers stated."""
        return self.rows("/reasons")

    def exclusions(self) -> Rows:
        """Return what was left out, by reason."""
        return self.rows("/exclusions")

    def forecast(self) -> Row:
        """Return what today's customers will bring: model, parameters, `data` by horizon, churn, map."""
        found: Row = self.get("/forecast")
        return found

    def forecast_record(self) -> Row:
        """Return how well that was foretold before: `data` by model, `calibration`, `tracking`."""
        found: Row = self.get("/forecast/record")
        return found

    def forecast_drivers(self) -> Rows:
        """Return what goes with a second order, as ratios with their ranges."""
        return self.rows("/forecast/drivers")

    def customers_foretold(
        self,
        *,
        status: str | None = None,
        alive_class: int | None = None,
        value_class: int | None = None,
        sort: str = "-value",
    ) -> Rows:
        """Return what is foretold of each customer: alive, orders, value with its range, next order.

        Parameters
        ----------
        status
            Only those `overdue` or `due`.
        alive_class, value_class
            Only those of a class of the map that `forecast` holds.
        sort
            `value`, `orders`, `alive`, `due_on`, `last_on`, `late_days`, `purchase_days` or `customer_id`,
            with “-” downwards.
        """
        asked = {"status": status, "alive_class": alive_class, "value_class": value_class}
        return self.every("/forecast/customers", **asked, sort=sort)

    def customers_behind(self, metric: str, *, grain: str = "all", period: str = "all") -> Rows:
        """Return the customers that a number is made of, with their part in it."""
        return self.every(f"/metrics/{_part(metric)}/customers", grain=grain, period=period)

    def orders_behind(self, metric: str, *, grain: str = "all", period: str = "all") -> Rows:
        """Return the orders that a number is made of."""
        return self.every(f"/metrics/{_part(metric)}/orders", grain=grain, period=period)

    def customers_of_cohort(self, cohort: str) -> Rows:
        """Return the customers who first ordered in a month, such as 2026-01."""
        return self.every("/cohorts/customers", cohort=cohort)

    def customers_due(self, *, status: str = "overdue", where: str | None = None) -> Rows:
        """Return the customers whose next order is `overdue`, `due`, `not_due` or `lapsed`."""
        return self.every("/due/customers", status=status, where=where)

    def rows(self, path: str, **asked: Any) -> Rows:
        """Return the rows of any path that answers with `data`."""
        found: Rows = self.get(path, **asked)["data"]
        return found

    def every(self, path: str, **asked: Any) -> Rows:
        """Return the rows of all pages of a list."""
        for _again in range(BEGINNINGS - 1):
            try:
                return list(self.pages(path, **asked))
            except Problem as problem:
                if problem.name != "cursor.outdated":
                    raise
        return list(self.pages(path, **asked))

    def pages(self, path: str, **asked: Any) -> Iterator[Row]:
        """Yield the rows of a list, page after page."""
        said = self.get(path, limit=PAGE, **asked)
        yield from said["data"]
        while said["next"]:
            said = self._get(said["next"])
            yield from said["data"]

    def get(self, path: str, **asked: Any) -> Any:
        """Return what any path of the interface answers; see `/api/v1/` of your installation.

        Raises
        ------
        Problem
            The shop cannot answer this.
        TimeoutError
            It takes longer than `wait_seconds`.
        """
        given = {name: value for name, value in asked.items() if value is not None}
        query = f"?{urllib.parse.urlencode(given)}" if given else ""
        return self._get(f"{BASE}{path}{query}")

    def _get(self, path: str) -> Any:
        waited = 0.0
        while True:
            status, headers, body = self._ask(path)
            if status not in WAIT:
                if status != 200:
                    raise _problem(status, body)
                return json.loads(body)
            pause = float(headers.get("Retry-After", "1"))
            if waited + pause > self._wait_seconds:
                raise (
                    _problem(status, body)
                    if status != 202
                    else TimeoutError(f"Not computed after {waited:.0f} seconds: {path}")
                )
            self._sleep(pause)
            waited += pause

    def _ask(self, path: str) -> tuple[int, Message, bytes]:
        # The origin was checked: nothing but http and https is opened.
        request = urllib.request.Request(self._origin + path, headers=self._headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.headers, fault.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Lets an answer that points elsewhere be the answer."""

    def redirect_request(self, *_anything: Any) -> None:
        """Follow nothing."""


def _part(name: str) -> str:
    return urllib.parse.quote(name, safe="")


def _problem(status: int, body: bytes) -> Problem:
    try:
        said = json.loads(body)
        name = said["type"].rpartition(":")[2]
        return Problem(status, name, said["detail"], said.get("errors"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Problem(status, "http", "This is no answer of Stammkunde.")

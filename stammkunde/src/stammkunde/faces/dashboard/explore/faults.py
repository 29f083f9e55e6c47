"""Why a question in SQL has no answer, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.insights.sql.models import Query

FAULTS: Mapping[str, Promise | str] = {
    "empty": gettext_lazy("There is no query in this text. Begin with SELECT."),
    "several": gettext_lazy("Only one statement can be asked at a time. Leave the others out."),
    "long": gettext_lazy("The query is too long."),
    "kind": gettext_lazy(
        "Only a single SELECT, WITH, DESCRIBE or EXPLAIN is answered here. Nothing can be changed, "
        "written, attached, installed or set."
    ),
    "name": gettext_lazy(
        "“%(about)s” cannot be the name of a part of a query. Choose a plain word."
    ),
    "table": gettext_lazy(
        "There is no table “%(about)s” here. Files, catalogs and other shops cannot be read; the "
        "tables that there are stand beside the query."
    ),
    "function": gettext_lazy(
        "The function “%(about)s” is not available here: it looks beyond the rows of the tables."
    ),
    "parameter": gettext_lazy(
        "Parameters such as ? or $1 are not filled in here. Write the values."
    ),
    "locked": gettext_lazy("This reads something beyond the tables, which is not possible here."),
    "memory": gettext_lazy(
        "The query needs more memory than it is given. Ask for fewer rows or group them first."
    ),
    "room": gettext_lazy(
        "The query needs more room on the disk than it is given. Ask for fewer rows or group them "
        "first."
    ),
    "time": gettext_lazy(
        "The query was ended after %(about)s seconds. Ask for fewer rows or a shorter time."
    ),
    "crash": gettext_lazy(
        "The process that answered the query ended in the middle, probably because it needed too "
        "much. Nothing else was harmed."
    ),
    "nothing": gettext_lazy("There are no columns yet. They come with the first orders."),
}


def sentence(query: Query) -> str:
    """Say why a question has no answer; what the engine itself says stands in its own words."""
    if query.fault == "syntax":
        return _("This is not SQL that can be understood: %(about)s") % {"about": query.about}
    if query.fault == "engine":
        return _("The query cannot be answered: %(about)s") % {"about": query.about}
    said = str(FAULTS.get(query.fault, FAULTS["crash"]))
    return said % {"about": query.about} if "%(about)s" in said else said

"""How the pages speak: the words of `kohorte`, for people who click and type no commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.language import Sentence
from kohorte.report.voice import Voice

# A sentence that names a command of the library.
_COMMAND = re.compile("[^.]*`[^`]+`[^.]*\\.")
_COSTS = _("It takes what your goods cost: imported with the products, or typed in by hand.")
_INSTEAD: Mapping[str, str | Promise] = {
    "It takes the contribution margin, for example --margin 40.": _COSTS,
    "It takes the margin, for example --margin 40, or products with their cost. "
    "`kohorte template products` shows how.": _COSTS,
    "It takes products with their cost. `kohorte template products` shows how.": _COSTS,
}


@dataclass(frozen=True)
class Speech(Voice):
    """A language and a currency, without commands."""

    def tell(self, sentence: Sentence) -> str:
        """Return a sentence; what it says of commands is left out, or said as pages do it."""
        if instead := _INSTEAD.get(sentence.msgid):
            return str(instead)
        return _COMMAND.sub("", sentence.render(self.language)).strip()

"""Any table with evident columns: what they mean is guessed, and each guess has its reason."""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout

LAYOUT = Layout(slug="generic", name=Text(de="Allgemeine Tabelle", en="General table"))

"""Encodings: which a file may be given, and marks where none should be."""

from __future__ import annotations

import codecs

import pytest

from kohorte.errors import ReadError
from kohorte.reading.formats import scan

HEADER = "Bestellung;Kunde;Datum;Betrag\n"
FIRST = "001;Müller;05.01.2024;10,00\n"
SECOND = "002;Groß;06.01.2024;20,50\n"
CUSTOMERS = "SELECT order_id, customer_id FROM orders ORDER BY order_id"
BOTH = [("001", "Müller"), ("002", "Groß")]


@pytest.mark.parametrize(
    "encoding", ["idna", "rot13", "punycode", "base64", "utf-7", "unicode_escape", "cp500", "nope"]
)
def test_what_is_no_encoding_of_tables_is_refused(shop, encoding):
    with pytest.raises(ReadError) as refused:
        shop.text(HEADER + FIRST, encoding=encoding)

    assert str(refused.value) == (
        f"“{encoding}” is not a known encoding. Use for example utf-8, cp1252 or utf-16."
    )


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "UTF8", "latin-1", "cp850", "mac_roman", "iso-8859-15", "utf-32", "utf-16"],
)
def test_an_encoding_may_be_given(shop, encoding):
    shop.text((HEADER + FIRST + SECOND).encode(encoding), encoding=encoding)

    assert shop.rows(CUSTOMERS) == BOTH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zeros(shop, encoding):
    reading = shop.text((HEADER + FIRST + SECOND).encode(encoding))

    assert shop.rows(CUSTOMERS) == BOTH
    assert reading.files[0].encoding == reading.mapping.encoding == encoding


def test_single_zeros_are_no_utf_16(shop):
    assert scan.unmarked_utf_16(b"Kunde;Betrag\0\n" * 20) is None

    with pytest.raises(ReadError, match=r"Line 2 of orders\.csv holds a NUL byte"):
        shop.text((HEADER + FIRST).encode().replace(b"M", b"\0"))


@pytest.mark.parametrize("header", [HEADER, ""])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_that_were_put_together_bring_their_marks_along(shop, encoding, header):
    content = (HEADER + FIRST).encode(encoding) + (header + SECOND).encode(encoding)

    reading = shop.text(content)

    assert shop.rows(CUSTOMERS) == BOTH
    assert reading.rows_read == 2
    assert len(shop.remarks()) == bool(header)


def test_a_mark_inside_does_not_shift_lines(shop):
    content = codecs.BOM_UTF8 + (HEADER + FIRST).encode() + codecs.BOM_UTF8 + b"002;b;x;1,00\n"

    with pytest.raises(ReadError, match=r"Line 3 of orders\.csv: “x”"):
        shop.text(content)

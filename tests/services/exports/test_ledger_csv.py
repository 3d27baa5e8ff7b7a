"""The ledger as CSV says what the workbook says, in pieces."""

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
from sqlmodel import Session

from services.exports import ledger, ledger_csv
from services.exports.chosen import all_of
from services.exports.ledger import Filter, ledger_rows
from services.filters import Wanted
from tests.services.crowd import LATER, a_crowd


def rows(pieces: list[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))


def test_it_comes_in_pieces_and_says_what_the_workbook_says(city: Session, monkeypatch) -> None:
    a_crowd(city, many=25)
    monkeypatch.setattr(ledger_csv, "PAGE", 10)
    monkeypatch.setattr(ledger, "PAGE", 10)
    pieces = list(ledger_csv.ledger_csv(city, now=LATER, which=Filter()))
    assert len(pieces) == 4
    written = rows(pieces)
    expected = list(ledger_rows(city, now=LATER))
    assert [row[0] for row in written[1:]] == [row[0] for row in expected]
    assert {len(row) for row in written} == {len(expected[0])}


def test_words_and_other_filters_choose_the_rows(city: Session) -> None:
    a_crowd(city, many=40)
    which = all_of(city, Wanted(text="白鹭", category="12"), scope=None, now=LATER)
    found = rows(list(ledger_csv.ledger_csv(city, now=LATER, which=which)))[1:]
    assert found
    assert all("白鹭" in row[18] and row[6].startswith("农贸市场") for row in found)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("\n@x", "'\n@x"),
        ("a=1", "a=1"),
        (-5, "-5"),
        (Decimal("-0.5"), "-0.5"),
        (None, ""),
        (datetime(2026, 11, 2, 9, 5), "2026-11-02 09:05:00"),  # noqa: DTZ001 - a sheet's wall clock
    ],
)
def test_a_text_is_never_a_formula_and_a_number_stays_one(value, written: str) -> None:
    assert ledger_csv._cell(value) == written

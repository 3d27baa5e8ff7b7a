"""Reading city.toml: each setting known, of its type, and of use."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import time
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from models.calendar import Calendar, Span
from models.errors import BadRow, WrongValue
from services.cities.rows import CityFacts

EXPECTED_SPANS = 'working hours in order, such as [["09:00", "12:00"], ["13:00", "17:00"]]'


def read_city(written: Mapping[str, Any], problems: list[BadRow]) -> CityFacts | None:
    """The settings, or None and what is wrong with them."""
    known = {field.name: field for field in fields(CityFacts)}
    wrong = [BadRow("city.toml", 0, key, str(written[key]), "no such setting") for key in written if key not in known]
    wrong += [
        BadRow("city.toml", 0, name, "", "a value")
        for name, field in known.items()
        if field.default is MISSING and name not in written
    ]
    hints = get_type_hints(CityFacts)
    for name in (name for name in written if hints.get(name) in (str, bool)):
        if not isinstance(written[name], hints[name]) or written[name] == "":
            wrong.append(BadRow("city.toml", 0, name, str(written[name]), hints[name].__name__))
    spans = _read_spans(written.get("spans"), wrong)
    _check_city(written, wrong)
    problems += wrong
    return None if wrong else CityFacts(**{**written, "spans": spans})


def _read_spans(written: Any, wrong: list[BadRow]) -> tuple[Span, ...]:
    try:
        spans = tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in written)
        Calendar(version=0, timezone="UTC", spans=spans, days={})
    except (TypeError, ValueError, WrongValue):
        wrong.append(BadRow("city.toml", 0, "spans", str(written), EXPECTED_SPANS))
        return ()
    return spans


def _check_city(written: Mapping[str, Any], wrong: list[BadRow]) -> None:
    try:
        ZoneInfo(str(written.get("timezone", "UTC")))
    except (ValueError, OSError, KeyError):  # KeyError is what zoneinfo raises for an unknown zone
        wrong.append(BadRow("city.toml", 0, "timezone", str(written["timezone"]), "such as Asia/Shanghai"))
    try:
        str(written.get("order_number", "")).format(year=2026, n=1)
    except (KeyError, IndexError, ValueError):
        wrong.append(BadRow("city.toml", 0, "order_number", str(written["order_number"]), "{year} and {n} only"))

"""What a list is asked for, as it stands in the address: read with suspicion, written back the same way each time."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.datastructures import QueryParams

from models.errors import WrongValue
from models.issue import Source
from models.lifecycle import State
from runtime.i18n import gettext as _
from services.commands import UNSTORABLE
from services.filters import RANKS, Wanted
from services.list_choices import code_of
from services.listing import OPEN_SORTS, Cursor, Sort
from services.tasks.table import FIRST_YEAR, LAST_YEAR
from web.lists.cursors import read_cursor

SEVERAL = ("state", "severity", "source", "tag")
FLAGS = ("open", "overdue", "soon", "late", "here", "aside", "leader", "counted")
SINGLE = (
    *(
        "unit",
        "area",
        "point",
        "step",
        "min_step",
        "category",
        "standard",
        "round",
        "year",
        "from",
        "to",
        "closed_from",
        "closed_to",
        "mine",
        "q",
        "sort",
    ),
    "after",
)
NAMES = (*SEVERAL, *FLAGS, *SINGLE)
LONGEST = 100
"""Characters of one value."""
NO_UNIT = "none"
_NUMBER = re.compile(r"[A-Za-z]{0,8}-?(\d{4}-)?\d{3,}|[A-Za-z]{1,8}-\d{4}-?", re.ASCII)
LOOKS = ("after", "sort", "counted")
"""They change what of it is shown and how, and are no filters."""


@dataclass(frozen=True)
class Asked:
    """Values by name, cleaned; names that we do not know are left out."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, params: QueryParams) -> Self:
        """What stands in an address. Never refuses: what is wrong is told by `wanted`."""
        found = {name: _clean(params.getlist(name)) for name in NAMES}
        return cls({name: several if name in SEVERAL else several[:1] for name, several in found.items() if several})

    def one(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def several(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def flag(self, name: str) -> bool:
        return self.one(name) == "1"

    def but(self, **changes: str | tuple[str, ...]) -> "Asked":
        """The same with other values; an empty one takes it away. The page begins anew."""
        values = {**self.values, "after": (), **{name: _tuple(value) for name, value in changes.items()}}
        return replace(self, values={name: several for name, several in values.items() if several})

    @property
    def filters(self) -> "Asked":
        """Without what is no filter."""
        return Asked({name: several for name, several in self.values.items() if name not in LOOKS})

    @property
    def query(self) -> str:
        """In the order of the names above, whatever the order it came in."""
        return urlencode([(name, value) for name in NAMES for value in self.several(name)])

    def address(self, path: str = "/issues") -> str:
        return f"{path}?{self.query}" if self.values else path

    @property
    def sort(self) -> Sort:
        """Raises WrongValue."""
        chosen: Sort = _of(Sort, self.one("sort") or Sort.NEWEST, _("Order"))
        return chosen

    @property
    def after(self) -> Cursor | None:
        """Raises WrongValue."""
        return read_cursor(self.one("after"), self.sort) if self.one("after") else None

    def wanted(self, session: Session, *, reader: str, zone: ZoneInfo) -> Wanted:
        """The filter. Raises WrongValue and NotFound that say which field it is."""
        unit, mine, sort = self.one("unit"), self.one("mine"), self.sort
        text, number = _searched(self.one("q"))
        if mine not in ("", "found", "handled"):
            raise WrongValue(field=_("Mine"), value=mine, expected="found, handled")
        return Wanted(
            states=tuple(_of(State, one, _("State")) for one in self.several("state")),
            open_only=self.flag("open") or sort in OPEN_SORTS,
            unit=code_of(session, "unit", unit) if unit not in ("", NO_UNIT) else None,
            area=self._code(session, "area"),
            point=self._code(session, "point"),
            severities=tuple(_severity(one) for one in self.several("severity")),
            overdue=self.flag("overdue"),
            text=text,
            number=number,
            found_by=reader if mine == "found" else None,
            set_aside=self.flag("aside"),
            no_unit=unit == NO_UNIT,
            here=self.flag("here"),
            soon=self.flag("soon"),
            late=self.flag("late"),
            top_step=_step(self.one("step")),
            least_step=_step(self.one("min_step")),
            category=self._plain("category"),
            standard=self._plain("standard"),
            sources=tuple(_of(Source, one, _("Source")) for one in self.several("source")),
            found_from=_day(self.one("from"), _("Found from"), zone),
            found_to=_day(self.one("to"), _("Found until"), zone, plus=1),
            closed_from=_day(self.one("closed_from"), _("Closed from"), zone),
            closed_to=_day(self.one("closed_to"), _("Closed until"), zone, plus=1),
            handled_by=reader if mine == "handled" else None,
            round=self._plain("round"),
            leader=self.flag("leader"),
            tags=self.several("tag"),
            tag_year=_year(self.one("year")),
        )

    def _plain(self, name: str) -> str | None:
        return self.one(name) or None

    def _code(self, session: Session, what: str) -> str | None:
        written = self.one(what)
        return code_of(session, what, written) if written else None


def address(path: str = "/issues", **filters: Any) -> str:
    """A link to a list: `address(state=["found"], unit="D-CGJ", overdue=True)`."""
    return Asked().but(**{name: _tuple(value) for name, value in filters.items()}).address(path)


def _tuple(value: Any) -> tuple[str, ...]:
    if value is True:
        return ("1",)
    several = value if isinstance(value, list | tuple) else (value,)
    return tuple(str(one) for one in several if one not in (None, "", False))


def _clean(values: Iterable[str]) -> tuple[str, ...]:
    """Without blanks and what no database keeps; a flood is cut off."""
    cleaned = (UNSTORABLE.sub("", value).strip()[:LONGEST] for value in list(values)[:50])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _of(kind: Any, value: str, label: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise WrongValue(field=label, value=value, expected=", ".join(kind)) from None


def _severity(value: str) -> str:
    if len(value) > 3 or not value.isalnum():
        raise WrongValue(field=_("Severity"), value=value, expected="S1–S6")
    return value.upper()


def _step(value: str) -> int | None:
    """E0–E8; −1 for `none`."""
    if not value:
        return None
    rank = value.upper().removeprefix("E")
    if value != "none" and not (rank.isascii() and rank.isdecimal() and int(rank) in RANKS):
        raise WrongValue(field=_("Ladder step"), value=value, expected="E0–E8")
    return -1 if value == "none" else int(rank)


def _year(value: str) -> int | None:
    if value and not (value.isascii() and value.isdecimal() and FIRST_YEAR <= int(value) <= LAST_YEAR):
        raise WrongValue(field=_("Year of the tags"), value=value, expected=f"{FIRST_YEAR}–{LAST_YEAR}")
    return int(value) if value else None


def _day(value: str, label: str, zone: ZoneInfo, *, plus: int = 0) -> datetime | None:
    """The beginning of a day of the city. Raises WrongValue."""
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
        if not 1970 <= day.year < 3000:
            raise ValueError
    except ValueError:
        raise WrongValue(field=label, value=value, expected=_("a day such as 2026-11-30")) from None
    return datetime.combine(day + timedelta(days=plus), time(), zone)


def _searched(words: str) -> tuple[str, str]:
    """Text, number. What looks like a number of an issue or a part of one is searched among numbers."""
    return ("", words) if _NUMBER.fullmatch(words) else (words, "")

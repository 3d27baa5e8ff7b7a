"""The place in a list where a page ended, as it stands in an address."""

import re
from datetime import UTC, datetime, timedelta

from models.errors import WrongValue
from runtime.i18n import gettext as _
from services.filters import RANKS
from services.listing import OPEN_SORTS, Cursor, Sort, Value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LARGEST = 2**63 - 1
RANK = {str(rank): rank for rank in (-1, *RANKS)}
_WRITTEN = re.compile(r"(?:(-?\d{1,18}|[A-Za-z0-9]{1,5})\.)?(\d{1,19})")


def write_cursor(cursor: Cursor) -> str:
    """`123`, or `1763600000000000.123` with what was sorted by before it; times in microseconds."""
    value = cursor.value
    if value is None:
        return str(cursor.id)
    return f"{(value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value}.{cursor.id}"


def read_cursor(written: str, sort: Sort) -> Cursor:
    """The opposite. Raises WrongValue for one that is not ours, or of another order."""
    found = _WRITTEN.fullmatch(written)
    if found is None or int(found[2]) > LARGEST or (found[1] is not None) != (sort in OPEN_SORTS):
        raise _wrong(written)
    try:
        return Cursor(int(found[2]), _value(found[1], sort))
    except (KeyError, ValueError, OverflowError):
        raise _wrong(written) from None


def _value(written: str | None, sort: Sort) -> Value:
    if written is None:
        return None
    if sort is Sort.SEVERITY:
        return written
    if sort is Sort.DUE:
        moment: datetime = EPOCH + int(written) * MICROSECOND
        return moment
    rank: int = RANK[written]
    return rank


def _wrong(written: str) -> WrongValue:
    return WrongValue(field=_("Page"), value=written, expected=_("a page of this list; begin again at the first"))

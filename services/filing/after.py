"""Where a stretch of the list of material ended: the next one begins behind it, whatever came in or went meanwhile."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import ColumnElement, literal, tuple_
from sqlmodel import col

from models.errors import WrongValue
from models.filing import FilingItem

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LARGEST = 2**63 - 1
_WRITTEN = re.compile(r"(\d{1,18})\.(\d{1,19})", re.ASCII)


@dataclass(frozen=True)
class After:
    """The deadline and the id of the last piece that was shown."""

    due_at: datetime
    id: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what `str` wrote. Raises WrongValue for what is none of ours."""
        found = _WRITTEN.fullmatch(written)
        try:
            if found is None or int(found[2]) > LARGEST:
                raise ValueError
            return cls(EPOCH + int(found[1]) * MICROSECOND, int(found[2]))
        except (ValueError, OverflowError):
            expected = "what the stretch before gave; begin again at the first"
            raise WrongValue(field="after", value=written[:40], expected=expected) from None

    def __str__(self) -> str:
        """Microseconds and the id, with a full stop between them."""
        return f"{(self.due_at - EPOCH) // MICROSECOND}.{self.id}"

    def behind(self) -> ColumnElement[bool]:
        """What comes later in the order of deadlines."""
        here = tuple_(literal(self.due_at), literal(self.id))
        return tuple_(col(FilingItem.due_at), col(FilingItem.id)) > here

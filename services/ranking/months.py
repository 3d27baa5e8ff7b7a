"""A month as a period of city days, written such as 2026-11."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from models.errors import WrongValue

WRITTEN = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; `number` 1 to 12."""

    year: int
    number: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read “2026-11”. Raises WrongValue."""
        found = WRITTEN.fullmatch(written)
        if found is None:
            raise WrongValue(field="month", value=written[:40], expected="2026-11")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

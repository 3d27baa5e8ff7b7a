"""Reading a document of rules: every wrong value is told, where it stands and what was expected, all at once."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.errors import BadRow

MOST = 1_000_000


class Reader:
    """One table of a document. What nobody asked for is told by `finish`: a misspelt setting is never passed over.

    A value that is wrong goes to `problems` and something harmless is returned in its place, so reading goes on.
    """

    def __init__(self, written: Mapping[str, Any], *, file: str, where: str = "", problems: list[BadRow]) -> None:
        self.written, self.file, self.where, self.problems = written, file, where, problems
        self._asked: set[str] = set()
        self._below: list[Reader] = []

    def number(self, key: str, *, low: int = 0, high: int = MOST, default: int | None = None) -> Fraction:
        """An exact number within bounds."""
        value = self._take(key, default)
        found = exact(value)
        if found is None or not low <= found <= high:
            self.wrong(key, value, f"a number from {low} to {high}")
            return Fraction(low if default is None else default)
        return found

    def number_or_none(self, key: str, *, low: int = 0, high: int = MOST) -> Fraction | None:
        """The same; None where it is not there."""
        self._asked.add(key)
        return self.number(key, low=low, high=high) if key in self.written else None

    def whole(self, key: str, *, low: int = 0, high: int = MOST, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._take(key, default)
        if not _is_whole(value) or not low <= value <= high:
            self.wrong(key, value, f"a whole number from {low} to {high}")
            return low if default is None else default
        return int(value)

    def whole_or_none(self, key: str, *, low: int = 0, high: int = MOST) -> int | None:
        """The same; None where it is not there."""
        self._asked.add(key)
        return self.whole(key, low=low, high=high) if key in self.written else None

    def words(self, key: str, *, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._take(key, default)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, value, "a text that is not empty")
            return default or ""
        return value.strip()

    def choice(self, key: str, options: Collection[str], *, default: str | None = None) -> str:
        """One of these."""
        value = self._take(key, default)
        if not isinstance(value, str) or value not in options:
            self.wrong(key, value, f"one of: {', '.join(options)}")
            return default or next(iter(options))
        return value

    def several(self, key: str, options: Collection[str]) -> tuple[str, ...]:
        """Some of these; none where it is not there."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one in options for one in value):
            self.wrong(key, value, f"a list of some of: {', '.join(options)}")
            return ()
        return tuple(value)

    def numbers(
        self, key: str, *, low: int = 0, high: int = MOST, keys: Collection[str] | None = None
    ) -> dict[str, Fraction]:
        """A table of numbers, empty where it is not there; `keys`: those that there may be."""
        table = self.table(key, optional=True)
        known = [name for name in table.written if keys is None or name in keys]
        table._asked.update(keys or ())
        return {name: table.number(name, low=low, high=high) for name in known}

    def series(self, key: str, *, low: int = 0, high: int = MOST) -> tuple[Fraction, ...]:
        """A list of numbers, at least one."""
        value = self._take(key, None)
        found = [exact(one) for one in value] if isinstance(value, list) else []
        if not found or any(one is None or not low <= one <= high for one in found):
            self.wrong(key, value, f"a list of numbers from {low} to {high}")
        return tuple(one for one in found if one is not None)

    def wholes(self, key: str, *, low: int = 0, high: int = MOST) -> dict[str, int]:
        """A table of whole numbers."""
        table = self.table(key, optional=True)
        return {name: table.whole(name, low=low, high=high) for name in table.written}

    def table(self, key: str, *, optional: bool = False) -> "Reader":
        """The table under a key."""
        value = self._take(key, {} if optional else None)
        if isinstance(value, Mapping):
            return self._reader(value, f"{self._name(key)}.")
        self.wrong(key, value, "a table")
        # What would stand in it is not missed one by one: that the table is missing is told.
        return Reader({}, file=self.file, problems=[])

    def tables(self, key: str) -> Iterator[tuple[str, "Reader"]]:
        """The tables of a table, with their names."""
        outer = self.table(key, optional=True)
        for name in outer.written:
            yield name, outer.table(name)

    def each(self, key: str) -> Iterator["Reader"]:
        """The tables of a list, in their order."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.wrong(key, value, "a list of tables")
            value = []
        for position, one in enumerate(value, start=1):
            yield self._reader(one, f"{self._name(key)}[{position}].")

    def finish(self) -> None:
        """Tell of every setting, here and below, that nobody asked for."""
        for key in self.written:
            if key not in self._asked:
                self._asked.add(key)
                self.wrong(key, self.written[key], f"one of: {', '.join(sorted(self._asked - {key})) or 'nothing'}")
        for below in self._below:
            below.finish()

    def wrong(self, key: str, value: Any, expected: str) -> None:
        """Note what stands under a key and what was expected. `value` None: it is missing."""
        self.problems.append(BadRow(self.file, 0, self._name(key), "" if value is None else str(value)[:80], expected))

    def _take(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        return self.written.get(key, default)

    def _name(self, key: str) -> str:
        return f"{self.where}{key}"

    def _reader(self, written: Mapping[str, Any], where: str) -> "Reader":
        below = Reader(written, file=self.file, where=where, problems=self.problems)
        self._below.append(below)
        return below


def exact(value: Any) -> Fraction | None:
    """The number as it was written (0.1 is one tenth), or None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return Fraction(number) if number.is_finite() else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

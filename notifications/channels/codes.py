"""What the codes in a provider's answer mean: one readable table per provider.

A code that no table knows is a refusal (promise 3) whose text may be tried again: the number of tries is bounded where
all refusals are (`WAITS` in ../planning.py), after the last one the reader's next contact takes over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from models.message import Outcome
from notifications.channels.base import Fault, Sent, scrub

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Code:
    """One line of a table. `zh` and `en` tell an operator what happened or what to do; `wait` is what was told."""

    code: str
    outcome: Outcome
    zh: str
    en: str
    wait: timedelta | None = None
    fault: Fault | None = None


def fine(code: int | str) -> Code:
    """The provider took the text."""
    return Code(str(code), Outcome.SENT, "已接收", "taken")


def later(code: int | str, zh: str, en: str, wait: timedelta | None = None) -> Code:
    """Clearly not taken; may be taken later, not before `wait` is over."""
    return Code(str(code), Outcome.REFUSED, zh, en, wait)


def never(code: int | str, zh: str, en: str) -> Code:
    """Clearly not taken, and this letter never will be. Another contact of the reader takes over at once."""
    return Code(str(code), Outcome.PERMANENT, zh, en)


def nobody(code: int | str, zh: str, en: str) -> Code:
    """Never, nor any other letter: nobody can be reached at this address."""
    return Code(str(code), Outcome.PERMANENT, zh, en, fault=Fault.ADDRESS)


def ours(code: int | str, zh: str, en: str) -> Code:
    """Never, until an operator mends what the installation or the robot is set to."""
    return Code(str(code), Outcome.PERMANENT, zh, en, fault=Fault.OURS)


def doubt(code: int | str, zh: str, en: str) -> Code:
    """It may have been taken."""
    return Code(str(code), Outcome.UNKNOWN, zh, en)


def each(make: Callable[..., Code], zh: str, en: str, codes: str, *, wait: timedelta | None = None) -> list[Code]:
    """A line for each of these codes, divided by blanks, that mean the same."""
    return [make(code, zh, en, wait) if wait else make(code, zh, en) for code in codes.split()]


class Codes:
    """A provider's table. Raises ValueError when a code stands in it twice."""

    def __init__(self, *lines: Code) -> None:
        self._by_code = {line.code: line for line in lines}
        if len(self._by_code) != len(lines):
            raise ValueError("a code stands twice in the table")

    def __contains__(self, code: object) -> bool:
        return str(code) in self._by_code

    def __iter__(self) -> Iterator[Code]:
        return iter(self._by_code.values())

    def get(self, code: int | str) -> Code | None:
        """The line of a code."""
        return self._by_code.get(str(code))

    def judge(self, code: int | str, *, said: str = "", address: str = "") -> Sent:
        """The outcome of an answer with this code. `said`, the provider's words, is used for unknown codes only."""
        line = self.get(code)
        if line is None:
            return Sent(Outcome.REFUSED, str(code)[:40], scrub(f"{code} {said}", address=address))
        if line.outcome == Outcome.SENT:
            return Sent(line.outcome, line.code)
        return Sent(line.outcome, line.code, f"{line.zh} / {line.en}", line.wait, line.fault)

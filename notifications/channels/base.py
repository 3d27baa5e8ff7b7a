"""What a channel is: something that takes a letter to an address and says truly what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from models.message import Outcome


@dataclass(frozen=True)
class Link:
    """Something the reader may do from the message: a label in the reader's language, and where it leads."""

    label: str
    url: str = field(repr=False)  # whoever holds it may act


@dataclass(frozen=True)
class SmsText:
    """The neutral text of an SMS as a provider's approved template knows it: which template, with which values."""

    template: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """What is to be sent. `key` stays the same when it is tried again; `at` is when it is sent, UTC.

    `kind` is the message's (notifications/kinds.py). Text channels write the links below the body, cards have buttons.
    """

    title: str
    body: str
    key: str
    at: datetime
    kind: str = ""
    links: tuple[Link, ...] = ()
    sms: SmsText | None = None

    @property
    def text(self) -> str:
        """The body with the links below it, each on a line of its own: for channels that have no buttons."""
        return "\n".join([self.body, *(f"{link.label}: {link.url}" for link in self.links)])


class Fault(StrEnum):
    """Why a refusal is for good: nobody is at the address, or the provider does not take what we are or how we ask.

    A contact is switched off for ADDRESS alone; OURS (a bad key, a template that is not approved) is an alarm.
    """

    ADDRESS = "address"
    OURS = "ours"


@dataclass(frozen=True)
class Sent:
    """How a try ended. `code` is the provider's; `detail` is for operators and holds no address, token or text.

    `fault` goes with `permanent`, where the channel knows; without it neither happens: it was about this letter.

    sent       the provider took it
    refused    clearly not taken, and may be taken later (`retry_after`: the provider named a time)
    permanent  clearly not taken, and never will be at this address
    unknown    it may have been taken: not to be repeated here
    """

    outcome: Outcome
    code: str = ""
    detail: str = ""
    retry_after: timedelta | None = None
    fault: Fault | None = None


class Channel(Protocol):
    """Sends, or says why not; never raises for what a provider does. May be used by several threads.

    An attribute `at_once`, where there is one, says how many letters it takes at the same time.
    """

    def send(self, address: str, *, letter: Letter) -> Sent:
        """Take the letter to the address and wait for the answer."""
        ...

    def close(self) -> None:
        """Let go of kept connections."""
        ...


def scrub(detail: str, *, address: str) -> str:
    """The detail in 200 characters, without any part of the address that could be a token."""
    parts = {part for part in _parts(address) if len(part) > 5}
    for part in sorted(parts, key=len, reverse=True):
        detail = detail.replace(part, "***")
    return " ".join(detail.split())[:200]


def _parts(address: str) -> list[str]:
    cut = address
    for sign in ":/?&=@#,+":
        cut = cut.replace(sign, " ")
    return [address, *cut.split()]

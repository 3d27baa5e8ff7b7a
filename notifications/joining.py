"""One letter for several messages that wait for the same door, when they are more than it takes soon.

Each keeps its own try and its own standing: sent with the letter, refused with it, or in doubt with it. Urgent ones go
alone, and so does what was tried there before. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from models.message import Message, Outcome
from notifications.channels.base import Fault, Sent
from notifications.claiming import Work
from notifications.kinds import BUNDLED_KINDS, DIGEST
from notifications.lanes import Try
from notifications.limits import TABLE, door_of, name_of
from notifications.material import Material
from notifications.pacing import Entry, Key

MOST = 10
"""Messages in one letter: as many as a robot's text of 2,048 bytes names in full."""
STORM = "storm"
ROBOTS, MENTIONS = frozenset({"wecombot", "dingtalk", "feishu", "lark"}), ("mentions", "users")
"""Schemes of robots that speak to a group, and the arguments in which they are told whom to mention."""


class Crowd:
    """The tries that wait, by the door for which they do. `busy`: messages that begin at the same time."""

    def __init__(self, waiting: Iterable[Try], *, busy: Iterable[Work]) -> None:
        self._at: dict[Key, list[Try]] = defaultdict(list)
        self._of_a_class: Counter[str] = Counter()
        for one in waiting:
            self._at[one.lane].append(one)
            self._of_a_class[one.door.channel] += 1
        self._busy = {id(work) for work in busy}

    def take_along(self, one: Try, *, entry: Entry) -> list[Try]:
        """What goes along in the letter of a try that may begin: nothing, while all that waits can go soon alone."""
        if 1 + self._rivals(one) <= entry.soon or not may_join(one):
            return []
        found: list[Try] = []
        for other in self._at[one.lane]:
            if len(found) < MOST - 1 and id(other.work) not in self._busy and may_join(other):
                self._busy.add(id(other.work))
                found.append(other)
        return found

    def _rivals(self, one: Try) -> int:
        """How many need the same places: of one robot, or of a gateway for all."""
        together = TABLE[name_of(one.door.channel, one.door.address)].together
        return self._of_a_class[one.door.channel] if together else len(self._at.get(one.lane, ()))


def may_join(one: Try) -> bool:
    """Not what is urgent, what is about no issue, or what was tried here before: its words may be why it failed."""
    if one.urgent or one.work.message.kind not in BUNDLED_KINDS or one.work.material.issue is None:
        return False
    here = one.lane[1]
    return all(door_of(tried.address) != here for tried in one.work.tried)


def joined(tries: Sequence[Try]) -> Try:
    """Them as one letter: a list, to the first of their addresses, in the language of its reader."""
    first = tries[0]
    one_reader = len({one.reader.code for one in tries}) == 1
    reader = first.reader if one_reader else replace(first.reader, post_code=None, deputy_for="")
    message = Message(
        id=first.work.message.id,
        key=_key(tries),
        kind=DIGEST,
        why=STORM,
        channels=first.work.message.channels,
        urgency=min(one.work.message.urgency for one in tries),
        not_before=first.work.message.not_before,
        created_at=first.work.message.created_at,
    )
    rows = [_row(one, named=not one_reader) for one in tries]
    city = first.work.material.city
    material = Material(message=message, city=city, names=first.work.material.names, bundled=rows)
    work = Work(message, material, first.work.claimed_at, (reader,))
    return Try(first.place, work, reader, replace(first.door, address=to_all([one.door.address for one in tries])))


def to_all(addresses: Sequence[str]) -> str:
    """The first of these addresses of one robot, mentioning everybody whom one of them mentions."""
    parts = [urlsplit(address) for address in addresses]
    first = parts[0]
    if first.scheme.lower() not in ROBOTS:
        return addresses[0]
    arguments = dict(parse_qsl(first.query, keep_blank_values=True))
    for name in MENTIONS:
        given = (dict(parse_qsl(part.query)).get(name, "") for part in parts)
        people = dict.fromkeys(one for several in given for one in several.split(",") if one)
        arguments |= {name: ",".join(people)} if people else {}
    mobiles = dict.fromkeys(one for part in parts for one in part.path.split("/") if one)
    query = urlencode(arguments, safe=",@:/")
    return urlunsplit((first.scheme, first.netloc, "/".join(["", *mobiles]), query, ""))


def _key(tries: Sequence[Try]) -> str:
    """Another one for other messages: a provider may drop a second letter with the same key."""
    keys = " ".join(f"{one.work.message.key}-{one.reader.code}" for one in tries)
    return f"joined-{sha256(keys.encode()).hexdigest()[:32]}"


def _row(one: Try, *, named: bool) -> Mapping[str, Any]:
    """As material.py reads them for a digest. `reader`: whose it is; `who`: the name, where others read it too."""
    message = one.work.message
    return {
        **(one.work.material.issue or {}),
        "kind": message.kind,
        "urgency": message.urgency,
        "message_id": message.id,
        "post_code": message.post_code,
        "why": message.why,
        "reader": one.reader,
        "who": one.reader.name if named else "",
    }


def share(sent: Sent, *, letters: int) -> Sent:
    """What the outcome of a letter means for each of its messages.

    When it is refused for good, and not for the address or for us, the words of one of them may be why: each is tried
    again, alone.
    """
    if letters > 1 and sent.outcome == Outcome.PERMANENT and sent.fault not in (Fault.ADDRESS, Fault.OURS):
        return replace(sent, outcome=Outcome.REFUSED)
    return sent

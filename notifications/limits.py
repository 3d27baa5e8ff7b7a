"""How much each way out takes, as one table. pacing.py counts by it, for all workers together.

A *door* is what one address leads to: a robot, whoever it is to mention; a member of a WeCom app; a phone number; a
mailbox. Doors that share a gateway or a server are counted together as well. Of each minute one place in ten is kept
for what is urgent (S1). A city changes a row in its `rules/policy.toml`:

    [channel_limits.wecombot]
    per_minute = 10                   # also per_second, per_hour, per_day
    per_person_per_day = 100
    per_person_and_kind_per_day = 50
    spread_minutes = 0
    kinds = { closed = 5 }            # one kind of message to one person in a day
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zlib import crc32

from models.unit import ChannelClass
from notifications.kinds import SCHEDULED_KINDS

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEPT = 10
"""One place in so many of a minute is for what is urgent alone."""
HELD = timedelta(minutes=5)
"""What was written longer ago than this waits for something else already."""
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Limit:
    """At most so many letters within a time."""

    most: int
    within: timedelta

    def allowed(self, *, urgent: bool) -> int:
        """How many of them for a letter that is urgent, or is not."""
        return self.most if urgent or self.within != MINUTE else self.most - self.most // KEPT


@dataclass(frozen=True)
class Way:
    """A row: what one door takes, what all of them take together, and what is enough for one person in 24 hours.

    `spread`: the time after each full and half hour over which letters that nobody waits for are spread.
    """

    door: tuple[Limit, ...] = ()
    together: tuple[Limit, ...] = ()
    person_day: int = 200
    kind_day: int = 100
    spread: timedelta = timedelta()
    kinds: Mapping[str, int] | None = None

    def kind_share(self, kind: str) -> int:
        """How many of one kind are enough for one person in 24 hours."""
        return int((self.kinds or {}).get(kind, self.kind_day))


# Sources: domain 7. WeCom's app drops silently what is over, so we must count; an account of it has 200 a day. DingTalk
# shuts a robot out for ten minutes. Aliyun: 50 a day for a number and a template. The rest are our own choice.
TABLE: Mapping[str, Way] = {
    "wecombot": Way(door=(Limit(20, MINUTE),), spread=timedelta(minutes=5)),
    "wecom": Way(door=(Limit(30, MINUTE), Limit(1000, HOUR)), spread=timedelta(minutes=5)),
    "dingtalk": Way(door=(Limit(20, MINUTE),), spread=timedelta(minutes=3)),
    "feishu": Way(door=(Limit(5, SECOND), Limit(100, MINUTE)), spread=timedelta(minutes=5)),
    ChannelClass.CHAT: Way(door=(Limit(20, MINUTE),)),
    ChannelClass.SMS: Way(door=(Limit(50, DAY),), together=(Limit(60, MINUTE),), person_day=50, kind_day=50),
    ChannelClass.MAIL: Way(together=(Limit(120, MINUTE),)),
}
SAME_AS: Mapping[str, str] = {"wechat": "wecom", "lark": "feishu"}
WINDOWS: Mapping[str, timedelta] = {
    "per_second": SECOND,
    "per_minute": MINUTE,
    "per_hour": HOUR,
    "per_day": DAY,
}


@lru_cache(maxsize=4096)
def name_of(channel: str, address: str) -> str:
    """The name of the row: of chat addresses the provider's, else the class."""
    scheme = _scheme(address)
    name = SAME_AS.get(scheme, scheme)
    if channel == ChannelClass.CHAT and name in TABLE:
        return name
    return channel if channel in TABLE else ChannelClass.CHAT.value


def way(channel: str, address: str, *, policy: Mapping[str, Any]) -> Way:
    """The row of an address, with what the city's policy changes in it."""
    name = name_of(channel, address)
    theirs = policy.get("channel_limits", {}).get(name)
    return _changed(TABLE[name], theirs) if theirs else TABLE[name]


def _changed(ours: Way, theirs: Mapping[str, Any]) -> Way:
    """A limit takes the place of the one for the same time; where there is none, it is one more for each door."""
    given = {within: Limit(int(theirs[key]), within) for key, within in WINDOWS.items() if key in theirs}
    known = {limit.within for limit in (*ours.door, *ours.together)}
    more = tuple(limit for within, limit in given.items() if within not in known)
    spread = theirs.get("spread_minutes")
    return Way(
        door=tuple(given.get(limit.within, limit) for limit in ours.door) + more,
        together=tuple(given.get(limit.within, limit) for limit in ours.together),
        person_day=int(theirs.get("per_person_per_day", ours.person_day)),
        kind_day=int(theirs.get("per_person_and_kind_per_day", ours.kind_day)),
        spread=ours.spread if spread is None else timedelta(minutes=float(spread)),
        kinds=theirs.get("kinds"),
    )


@lru_cache(maxsize=4096)
def door_of(address: str) -> str:
    """What an address leads to, whoever it mentions: the robot by its key, the member of an app without its secret."""
    scheme, _, rest = address.partition("://")
    name = SAME_AS.get(scheme.lower(), scheme.lower())
    if name not in TABLE or not rest:
        return address
    server, slash, path = rest.partition("?")[0].partition("/")
    user, at, host = server.rpartition("@")
    if name == "wecom":
        return f"{scheme.lower()}://{user.partition(':')[0]}{at}{host}{slash}{path.rstrip('/')}"
    return f"{scheme.lower()}://{host}"


def _scheme(address: str) -> str:
    scheme, has_one, _ = address.partition("://")
    return scheme.lower() if has_one else ""


def off_the_hour(now: datetime, *, who: str, kind: str, created_at: datetime, spread: timedelta) -> datetime | None:
    """When something for this person goes that is not urgent; None for at once.

    After each full and half hour, what a timer made, or what was held back until then, is spread: always the same
    moment for the same person. Somebody may be waiting for what another person has just done: that goes at once.
    """
    if kind not in SCHEDULED_KINDS and now - created_at < HELD:
        return None
    since = (now - datetime.min.replace(tzinfo=now.tzinfo)) % HALF_HOUR
    goes_at = now - since + share_of(who, spread)
    return goes_at if since < spread and goes_at > now else None


def share_of(who: str, spread: timedelta) -> timedelta:
    """This person's moment within a time: to the second, even over many persons, and always the same."""
    return timedelta(seconds=crc32(who.encode()) % max(1, int(spread.total_seconds())))

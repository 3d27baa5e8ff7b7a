"""Who hears of measures: deciders of what a rule proposed, the unit of what a person decided. Posts, never persons."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.accountability import Measure
from models.message import Message
from models.unit import ChannelClass, Post, PostKind
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row
from services.people import city_day

PROPOSED, SECONDING, DECIDED = "measure_proposed", "measure_seconding", "measure_decided"
RETURNED, LATE = "reply_returned", "reply_late"
QUIET = (ChannelClass.APP,)
CHANNELS = (ChannelClass.APP, ChannelClass.CHAT, ChannelClass.MAIL)
A_DAY = timedelta(days=1)
PLACE = "/accountability"
TO_DECIDE = f"{PLACE}/piles/decide"
NAMED = 3
"""Papers and units that one message names."""
DECIDERS = (PostKind.OFFICE, PostKind.HEADQUARTERS)
SECONDS = (PostKind.HEADQUARTERS, PostKind.PERFORMANCE_OFFICE)
OF_UNIT = (PostKind.PRINCIPAL_LEADER, PostKind.DEPUTY_LEADER, PostKind.HANDLER)


_NEW = """
SELECT area_path, kind, count(*) AS n FROM measure
 WHERE state = 'proposed' AND proposed_at > :since GROUP BY area_path, kind ORDER BY 1, 2
"""


def tell_deciders(session: Session, *, now: datetime) -> None:
    """Those who decide find in their inbox what was proposed in a day: one message for each place and kind.

    Once a day, so that a round that has much to catch up with makes no storm (promise 10).
    """
    rows = []
    for path, kind, n in session.connection().execute(text(_NEW), {"since": now - A_DAY}):
        posts = [f"{path.rsplit('/', 1)[-1]}:{post}" for post in DECIDERS]
        key = f"measure-proposed-{path}-{kind}-{city_day(session, now)}"
        facts = {"measure": kind, "count": n, "page": TO_DECIDE}
        rows += [(post, _row(PROPOSED, key, post, path, now, facts, QUIET)) for post in posts]
    _write(session, rows)


def tell_seconds(session: Session, measure: Measure, *, now: datetime) -> None:
    """A proposal waits for the second of two people."""
    city = measure.area_path.split("/")[0]
    facts = {"measure": measure.kind.value, "count": 1, "page": _page(measure)}
    key = f"measure-seconding-{measure.id}-{measure.version}"
    posts = [f"{city}:{kind}" for kind in SECONDS]
    _write(session, [(post, _row(SECONDING, key, post, city, now, facts, QUIET)) for post in posts])


def tell_unit(session: Session, measure: Measure, *, now: datetime) -> None:
    """The unit hears what was decided about it, and by when to reply."""
    facts = {"measure": measure.kind.value, "paper": measure.paper, "reply_due_at": _iso(measure.reply_due_at)}
    _tell_unit(session, DECIDED, measure, facts, now=now)


def tell_returned(session: Session, measure: Measure, *, why: str, now: datetime) -> None:
    """The unit hears why its reply came back, and by when to write again."""
    facts = {"paper": measure.paper, "reason": why, "reply_due_at": _iso(measure.reply_due_at)}
    _tell_unit(session, RETURNED, measure, facts, now=now)


def tell_late(session: Session, late: Sequence[tuple[Measure, Sequence[str], str]], *, now: datetime) -> None:
    """Posts hear which replies are late: of each the measure, the posts, the unit's name. One message for each post."""
    by_post: dict[str, list[tuple[Measure, str]]] = {}
    for measure, posts, unit in late:
        for post in posts:
            by_post.setdefault(post, []).append((measure, unit))
    rows = []
    for post, those in by_post.items():
        first = min(those, key=lambda one: (_iso(one[0].reply_due_at) or "", one[0].id))[0]
        facts = {
            "paper": _several([measure.paper for measure, _ in those]),
            "unit": _several([unit for _, unit in those]),
            "reply_due_at": _iso(first.reply_due_at),
            "page": _page(first) if len(those) == 1 else f"{PLACE}/piles/late",
        }
        key = f"reply-late-{first.id}-{first.version}"
        rows.append((post, _row(LATE, key, post, first.area_path, now, facts, CHANNELS)))
    _write(session, rows)


def _page(measure: Measure) -> str:
    return f"{PLACE}/{measure.id}"


def _several(names: Sequence[str]) -> str:
    """The first few of several, each once, and that there are more."""
    each = list(dict.fromkeys(names))
    return "、".join(each[:NAMED]) + (f"…（{len(each)}）" if len(each) > NAMED else "")


def _tell_unit(session: Session, kind: str, measure: Measure, facts: Mapping[str, Any], *, now: datetime) -> None:
    posts, facts = [f"{measure.unit_code}:{post}" for post in OF_UNIT], {**facts, "page": _page(measure)}
    key = f"{kind.replace('_', '-')}-{measure.id}-{measure.version}"
    rows = [(post, _row(kind, key, post, measure.area_path, now, facts, CHANNELS)) for post in posts]
    _write(session, rows)


def _row(
    kind: str,
    key: str,
    post: str,
    area_path: str,
    now: datetime,
    facts: Mapping[str, Any],
    channels: Sequence[ChannelClass],
) -> dict[str, Any]:
    row_key = f"{key}-{post}"
    return message_row(
        key=row_key, kind=kind, post=post, area_path=area_path, why="duty", channels=channels, now=now, facts=facts
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _write(session: Session, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Only to posts that this city has: a vacant one goes up to the next, one that was never there to nobody."""
    wanted = {post for post, _ in rows}
    there = set(session.exec(select(Post.code).where(col(Post.code).in_(wanted))).all()) if wanted else set()
    told = [dict(row) for post, row in rows if post in there]
    if told and bulk.insert(session, Message, told, or_skip=True):
        wake(session)

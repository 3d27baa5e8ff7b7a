"""Word about bulletins: one is published, to all whom it is about; a draft waits, to those who go on with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.message import Message
from models.permissions import PERMISSIONS, Right
from models.publication import Publication, PublicationAct
from models.rights import ROLES_OF
from models.unit import PostKind
from notifications.outbox import wake
from services import bulk
from services.bulletins.words import percent
from services.lagging import Laggards, as_line, laggards
from services.message_rows import message_row

PUBLISHED, WAITS = "bulletin", "publication_waits"
CHANNELS = ("app", "mail")
LOWEST = 5
"""Below them there are no offices."""
WAITS_FOR: Mapping[PublicationAct, Right] = {
    PublicationAct.DRAFTED: Right.APPROVE_PUBLICATION,
    PublicationAct.APPROVED: Right.PREPARE_PUBLICATION,
    PublicationAct.SENT_BACK: Right.PREPARE_PUBLICATION,
}
"""Who goes on after each act."""


@dataclass(frozen=True)
class Addressee:
    """A post that gets the bulletin, why, and of which area or unit it is shown what is overdue."""

    post: str
    why: str
    about: str
    unit: str | None = None


def tell_published(session: Session, row: Publication, *, area: Area, now: datetime) -> None:
    """Everybody gets the same figures, and what is overdue now in their own hands, with a link to each."""
    behind = laggards(session, now=now)
    units = [line["unit_code"] for line in row.content["units"]]
    rows = [
        message_row(
            key=f"publication-{row.id}-{one.post}",
            kind=PUBLISHED,
            post=one.post,
            unit=one.unit,
            area_path=area.path,
            why=one.why,
            channels=CHANNELS,
            facts=_facts(row) | _listed(behind.get(one.about)),
            now=now,
        )
        for one in _addressees(session, area, units, behind)
    ]
    _write(session, rows)


def tell_of_draft(session: Session, row: Publication, *, area: Area, now: datetime) -> None:
    """A draft waits: for the office that words it, and those who may approve it."""
    _tell_desks(session, row, PublicationAct.DRAFTED, area=area, now=now)


def tell_next(session: Session, row: Publication, act: PublicationAct, *, area: Area, why: str, now: datetime) -> None:
    """Those who go on after an act: publish what is approved, word anew what was sent back."""
    _tell_desks(session, row, act, area=area, why=why, now=now)


def _tell_desks(
    session: Session, row: Publication, act: PublicationAct, *, area: Area, now: datetime, why: str = ""
) -> None:
    rows = [
        message_row(
            key=f"publication-{row.id}-{act}-{row.content_sha256[:12]}-{now:%Y%m%d%H%M%S}-{post}",
            kind=WAITS,
            post=post,
            area_path=area.path,
            why=f"L{area.level}.{post.rsplit(':')[1]}",
            channels=CHANNELS,
            facts={
                "publication": row.kind,
                "start": row.period_from,
                "end": row.period_to,
                "act": act,
                "reason": why,
                "page": f"/bulletins/{row.id}",
            },
            now=now,
        )
        for post in _desks(session, area, WAITS_FOR[act])
    ]
    _write(session, rows)


def _desks(session: Session, area: Area, right: Right) -> Sequence[str]:
    """The area's own posts that give the right: its office, its headquarters. Vacant ones are passed up."""
    permission = PERMISSIONS[right]
    giving = [kind for kind in (PostKind.OFFICE, PostKind.HEADQUARTERS) if ROLES_OF[kind] & permission.who]
    return _there(session, [f"{area.code}:{kind}" for kind in giving])


def _there(session: Session, posts: Sequence[str]) -> Sequence[str]:
    """Those of these posts that there are, in this order: not every area has a headquarters."""
    found = text("SELECT code FROM post WHERE code = ANY(:codes) ORDER BY array_position(:codes, code)")
    return session.connection().execute(found, {"codes": list(posts)}).scalars().all()


def _write(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    if bulk.insert(session, Message, list(rows), or_skip=True):
        wake(session)


def _facts(row: Publication) -> dict[str, Any]:
    sums = row.content["total"]
    return {
        "bulletin_id": row.id,
        "publication": row.kind,
        "page": f"/bulletins/{row.id}",
        "start": row.period_from,
        "end": row.period_to,
        "totals": {
            "assigned": sums["assigned"],
            "due": sums["to_close"],
            "closed": sums["closed"],
            "rate": percent(sums["rectification_rate"]),
            "overdue": sums["overdue_open"],
        },
        "bottom": [one["name"] for one in row.content["bottom"]],
    }


def _listed(behind: Laggards | None) -> dict[str, Any]:
    known = behind or Laggards()
    return {"late": known.count, "lines": [as_line(one) for one in known.worst]}


def _addressees(
    session: Session, area: Area, units: Sequence[str], behind: Mapping[str, Laggards]
) -> Iterator[Addressee]:
    """The area's office and headquarters; the office and the leader of each part of it where something is overdue; the
    leader of each unit that had cases."""
    for post in _there(session, [f"{area.code}:{kind}" for kind in (PostKind.OFFICE, PostKind.HEADQUARTERS)]):
        yield Addressee(post, f"L{area.level}.{post.rsplit(':')[1]}", about=area.code)
    below = min(area.level + 1, LOWEST)
    parts = select(Area.code).where(
        col(Area.level) == below, col(Area.code).in_(list(behind)), col(Area.path).startswith(f"{area.path}/")
    )
    late = sorted(session.exec(parts))
    for code in late:
        yield Addressee(f"{code}:{PostKind.OFFICE}", f"L{below}.{PostKind.OFFICE}", about=code)
    for unit, post in _leaders(session, sorted({*units, *(f"T{code}" for code in late)})):
        yield Addressee(post, f"unit.{post.rsplit(':')[1]}", about=unit, unit=unit)


def _leaders(session: Session, units: Sequence[str]) -> list[tuple[str, str]]:
    """The highest leader's post that each unit has: a community has a direct leader only."""
    query = text(
        "SELECT DISTINCT ON (owner_code) owner_code, code FROM post"
        " WHERE owner_code = ANY(:units) AND kind = ANY(:kinds) ORDER BY owner_code, array_position(:kinds, kind)"
    )
    kinds = [PostKind.PRINCIPAL_LEADER.value, PostKind.DEPUTY_LEADER.value, PostKind.DIRECT_LEADER.value]
    rows = session.connection().execute(query, {"units": list(units), "kinds": kinds})
    return [(owner, code) for owner, code in rows]

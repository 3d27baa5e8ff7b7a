"""Word about appeals: the draft is open to them, one waits to be decided, one was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from models.appeal import Appeal, AppealDecision
from models.issue import Issue
from models.message import Message
from models.permissions import PERMISSIONS, Right
from models.publication import Publication
from models.ranking_terms import APPEAL_OUTCOMES, GROUNDS
from models.rights import LEADS, ROLES_OF
from models.unit import ChannelClass, OwnerKind, Post, PostKind, Tenure, Unit
from notifications.outbox import wake
from services import bulk, people
from services.message_rows import message_row
from services.people import city_day
from services.ranking.disinterested import is_disinterested, parties
from services.ranking.months import Month
from services.ranking.table import Table
from services.scores.formula import in_force

OPEN, ASKED, DECIDED = "appraisal_open", "appeal_asked", "appeal_decided"
CHANNELS = (ChannelClass.APP, ChannelClass.MAIL, ChannelClass.CHAT)
APPEALS, DECIDES = "appeals", "decides_appeals"


def tell_open(session: Session, row: Publication, table: Table, *, now: datetime) -> None:
    """The leaders of every unit with cases: its figures, and until when it may appeal."""
    lines = {line.code: line for line in table.rows if line.code in table.cases}
    rows = [
        _row(
            OPEN,
            f"{row.id}-{unit}-{person}",
            person=person,
            why=APPEALS,
            area=row.area_code,
            now=now,
            facts={
                "month": str(table.month),
                "unit": lines[unit].name,
                "score": str(lines[unit].score),
                "cases": lines[unit].cases,
                "appeals_until": table.appeals_until,
                "page": f"/ranking/{table.month}/units/{unit}?area={row.area_code}&draft=1",
            },
        )
        for unit, person in _leaders(session, lines, now=now)
    ]
    _write(session, rows)


def tell_deciders(session: Session, appeal: Appeal, issue: Issue, *, now: datetime) -> None:
    """Those of the area who may decide it; its office where nobody else may, so that it is not left lying."""
    office = f"{appeal.area_code}:{PostKind.OFFICE}"
    told: list[dict[str, str]] = [{"person": one} for one in _deciders(session, appeal, now=now)]
    facts = _facts(session, appeal, issue)
    rows = [
        _row(ASKED, f"{appeal.id}-{place}", why=DECIDES, area=appeal.area_code, now=now, facts=facts, **whom)
        for place, whom in enumerate(told or [{"post": office}])
    ]
    _write(session, rows)


def tell_appellant(session: Session, appeal: Appeal, decision: AppealDecision, issue: Issue, *, now: datetime) -> None:
    """Whoever made the appeal."""
    facts = {
        **_facts(session, appeal, issue),
        "outcome": list(APPEAL_OUTCOMES[decision.outcome.value]),
        "reason": decision.reason,
    }
    who, area = appeal.asked_by, appeal.area_code
    _write(session, [_row(DECIDED, f"{appeal.id}", person=who, why=APPEALS, area=area, now=now, facts=facts)])


def _facts(session: Session, appeal: Appeal, issue: Issue) -> dict[str, Any]:
    unit = session.get_one(Unit, appeal.unit_code)
    return {
        "appeal": appeal.id,
        "month": str(Month.of(appeal.period_from)),
        "unit": unit.name,
        "number": issue.number,
        "ground": list(ground_words(session, appeal.ground)),
        "page": f"/appeals/{appeal.id}",
    }


def ground_words(session: Session, ground: str) -> tuple[str, str]:
    """A ground in Chinese and in English, as the city calls it."""
    return in_force(session).names.get(ground) or GROUNDS.get(ground) or (ground, ground)


def _leaders(session: Session, units: Mapping[str, object], *, now: datetime) -> Sequence[tuple[str, str]]:
    """Unit and person, for every leader of these units today."""
    today = city_day(session, now)
    query = (
        select(Post.owner_code, Tenure.person_code)
        .join(Tenure, col(Tenure.post_code) == col(Post.code))
        .where(Post.owner_kind == OwnerKind.UNIT, col(Post.kind).in_(LEADS), col(Post.owner_code).in_(units))
        .where(col(Tenure.valid_from) <= today, or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today))
    )
    return sorted(set(session.exec(query).all()))


def _deciders(session: Session, appeal: Appeal, *, now: datetime) -> list[str]:
    """Whoever holds a post of the area that gives the right, and had no part in the case."""
    today, among = city_day(session, now), parties(session, appeal)
    rule = PERMISSIONS[Right.DECIDE_APPEAL]
    kinds = [kind for kind in PostKind if ROLES_OF[kind] & rule.who and kind not in rule.without]
    holders = {one for kind in kinds for one in people.holders(session, f"{appeal.area_code}:{kind}", today=today)}
    return [one for one in sorted(holders) if is_disinterested(people.actor(session, one, now=now), appeal, among)]


def _row(
    kind: str,
    key: str,
    *,
    why: str,
    area: str,
    now: datetime,
    facts: Mapping[str, Any],
    person: str | None = None,
    post: str | None = None,
) -> dict[str, Any]:
    return message_row(
        key=f"{kind.replace('_', '-')}-{key}",
        kind=kind,
        person=person,
        post=post,
        area_path=area,
        why=why,
        channels=CHANNELS,
        now=now,
        facts=facts,
    )


def _write(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    given = [dict(row) for row in rows]
    if given and bulk.insert(session, Message, given, or_skip=True):
        wake(session)

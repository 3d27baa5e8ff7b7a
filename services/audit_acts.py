"""Who may steer a round, and the record of what was done to it. Everything here holds the round's row first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round, RoundAct, RoundEvent
from models.errors import ActionNotAllowed
from models.permissions import PERMISSIONS, Right
from models.rights import Actor
from services.audit_errors import NotHeld, PublishedAlready
from services.audit_view import LEVEL_OF, must_see_round

RIGHT = Right.RECORD_FOR_OTHERS
"""Whoever may type in the sheets of others answers for the round."""


def may_steer(session: Session, round_: Round, *, by: Actor) -> bool:
    """Its organiser: whoever ordered it, or a dispatcher over the place at the level that it was ordered at or above.

    An inspector may start a round of their own, yet does not publish that of another or decide about looks at it.
    """
    path = session.get_one(Area, round_.area_code).path.split("/")
    lowest = LEVEL_OF.get(round_.organiser, 1)
    posts = (post for post in by.all_posts if PERMISSIONS[RIGHT].comes_with(post, city=path[0]))
    return by.code == round_.requested_by or any(post.owner_code in path and post.level <= lowest for post in posts)


def must_steer(session: Session, number: str, *, by: Actor) -> Round:
    """The round. Raises NotFound, for one that the actor is not to know of too, ActionNotAllowed."""
    round_ = must_see_round(session, by, number)
    if not may_steer(session, round_, by=by):
        raise ActionNotAllowed(action="audit", who=", ".join(sorted(PERMISSIONS[RIGHT].who)))
    return round_


def steered(session: Session, number: str, *, by: Actor) -> Round:
    """The round, locked: whoever fills a sheet of it, ends or publishes it waits. Raises as `must_steer`."""
    key = must_steer(session, number, by=by).id
    query = select(Round).where(Round.id == key).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def must_be_held(round_: Round) -> None:
    """Raises NotHeld, PublishedAlready."""
    if not round_.held:
        raise NotHeld(number=round_.number)
    if round_.published_at is not None:
        raise PublishedAlready(number=round_.number)


def note(
    session: Session, round_: Round, act: RoundAct, *, by: Actor, now: datetime, facts: Mapping[str, Any], why: str = ""
) -> None:
    """Put an act on record."""
    assert round_.id is not None
    session.add(RoundEvent(round_id=round_.id, act=act, who=by.code, at=now, why=why.strip(), facts=dict(facts)))
    session.flush()


def history(session: Session, round_: Round) -> Sequence[RoundEvent]:
    """What was done to it, oldest first."""
    query = select(RoundEvent).where(RoundEvent.round_id == round_.id).order_by(col(RoundEvent.id))
    return session.exec(query).all()

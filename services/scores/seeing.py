"""Who sees which scores: what is published is for whoever sees boards; live figures for whom they concern.

A round as it stands is for whoever sees audits over its area; a unit's month for whoever has the unit in their boards.
"""

from sqlmodel import Session

from models.area import Area
from models.audit import Round
from models.errors import NotFound
from models.permissions import Right, held, must_hold
from models.publication import Publication, PublicationKind, PublicationState
from models.rights import Actor
from services.audit_view import sees_round, unseen_sheets
from services.rulebook import the_city
from services.scores.frozen import PUBLISHED, STANDING, newest
from services.scores.round import the_round


def sees_boards(session: Session, actor: Actor) -> None:
    """Raises ActionNotAllowed."""
    must_hold(actor, Right.SEE_BOARDS, city=the_city(session).code)


def may(session: Session, actor: Actor, right: Right, area_code: str) -> bool:
    """Whether the actor has a right over an area."""
    area = session.get(Area, area_code)
    return area is not None and held(actor, right, city=the_city(session).code).covers(area_path=area.path)


def sees_live(session: Session, actor: Actor, round_: Round) -> bool:
    """Whether the figures of a round as they stand are for this reader: not while a second look of theirs waits."""
    over = may(session, actor, Right.SEE_AUDITS, round_.area_code) and sees_round(session, actor, round_)
    return over and not unseen_sheets(session, round_, actor)


def must_see_round(session: Session, actor: Actor, number: str) -> tuple[Round, Publication | None, bool]:
    """The round, what was published of it, and whether it is seen live. Raises NotFound, ActionNotAllowed.

    NotFound too where there is nothing for this reader: nobody learns of a round by its number.
    """
    sees_boards(session, actor)
    round_ = the_round(session, number)
    row = newest(
        session, PublicationKind.ROUND_SCORES, area_code=round_.area_code, subject=round_.number, states=PUBLISHED
    )
    live = sees_live(session, actor, round_)
    if row is None and not live:
        raise NotFound(what="round", code=number[:80])
    return round_, row, live


def under_way(
    session: Session, actor: Actor, kind: PublicationKind, *, area_code: str, subject: str
) -> Publication | None:
    """The edition that is drafted or approved, for who prepares or approves there."""
    row = newest(session, kind, area_code=area_code, subject=subject, states=STANDING - PUBLISHED)
    rights = (Right.PREPARE_PUBLICATION, Right.APPROVE_PUBLICATION)
    return row if row is not None and any(may(session, actor, right, area_code) for right in rights) else None


def must_see_publication(session: Session, actor: Actor, publication_id: int) -> Publication:
    """A publication of scores. Raises NotFound, for one under way too that this reader has no part in."""
    row = session.get(Publication, publication_id)
    kinds = (PublicationKind.ROUND_SCORES, PublicationKind.ANNUAL)
    if row is not None and row.kind in kinds:
        if row.state is PublicationState.PUBLISHED:
            return row
        rights = (Right.PREPARE_PUBLICATION, Right.APPROVE_PUBLICATION)
        if any(may(session, actor, right, row.area_code) for right in rights):
            return row
    raise NotFound(what="publication", code=publication_id)

"""Scores and places in the monthly bulletin: those of the month's appraisal, once it is published.

It is published on its own, after the time for appeals (services/ranking/). Until then the bulletin ranks by the rates
of its own figures, and says so; counting the draft again takes the scores over.
"""

from typing import Any

from sqlmodel import Session, col, select

from models.publication import Publication, PublicationKind, PublicationState
from services.bulletins.periods import Period

SHOWN = ("code", "name", "group", "rank", "of", "score", "points", "moved", "listed", "in_a_row", "cases")


def month_scores(session: Session, kind: PublicationKind, *, area_code: str, period: Period) -> dict[str, Any] | None:
    """The published appraisal of a month's bulletin; None for other bulletins, and where there is none yet."""
    if kind is not PublicationKind.MONTHLY:
        return None
    query = select(Publication).where(
        Publication.kind == PublicationKind.APPRAISAL,
        Publication.area_code == area_code,
        Publication.period_from == period[0],
        Publication.period_to == period[1],
        Publication.state == PublicationState.PUBLISHED,
    )
    found = session.exec(query.order_by(col(Publication.edition).desc())).first()
    if found is None:
        return None
    rows = [{name: row[name] for name in SHOWN} for row in found.content["units"]]
    return {"id": found.id, "formula": found.formula, "rows": rows}

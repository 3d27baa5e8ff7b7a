"""The history of the city: what each change did, by whom and why, in the transaction that did it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from models.administration import CityChange, CityChangeSet
from services import bulk
from services.cities.differing import Changed


def record(
    session: Session, changes: Sequence[Changed], *, who: str, why: str, now: datetime, fingerprint: str = ""
) -> int:
    """Put it on record under the next number. The caller commits."""
    made = CityChangeSet(at=now, who=who, why=why, fingerprint=fingerprint)
    session.add(made)
    session.flush()
    number = made.number or 0
    rows = [
        {
            "set_number": number,
            "place": one.place,
            "key": one.key,
            "kind": one.kind,
            "before": dict(one.before),
            "after": dict(one.after),
        }
        for one in changes
    ]
    bulk.insert(session, CityChange, rows)
    return number

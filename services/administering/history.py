"""What was changed in the city, when, by whom and why."""

from sqlmodel import Session, col, select

from models.administration import CityChange, CityChangeSet, PackBody
from models.errors import NotFound
from services.administering.values import Changed, Past
from services.cities.differing import masked_key


def history(
    session: Session,
    *,
    table: str = "",
    key: str = "",
    who: str = "",
    set_number: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Past]:
    """Newest first; `table` is a table or a file; `after`: the id of the last line seen."""
    query = select(CityChange, CityChangeSet).join(
        CityChangeSet, col(CityChangeSet.number) == col(CityChange.set_number)
    )
    wanted = {
        col(CityChange.place): table,
        col(CityChange.key): masked_key(table, key) if key else "",
        col(CityChangeSet.who): who,
        col(CityChange.set_number): set_number,
    }
    query = query.where(*(column == value for column, value in wanted.items() if value not in ("", None)))
    if after is not None:
        query = query.where(col(CityChange.id) < after)
    rows = session.exec(query.order_by(col(CityChange.id).desc()).limit(limit)).all()
    return [_past(change, made) for change, made in rows]


def _past(row: CityChange, made: CityChangeSet) -> Past:
    changed = Changed(row.place, row.key, row.kind, row.before, row.after)
    return Past(row.id or 0, row.set_number, made.at, made.who, made.why, changed)


def body_of(session: Session, sha256: str) -> bytes:
    """A file as it was, by the hash that the history tells. Raises NotFound."""
    kept = session.get(PackBody, sha256)
    if kept is None:
        raise NotFound(what="file of the pack", code=sha256[:80])
    return kept.body

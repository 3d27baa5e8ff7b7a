"""Small marks that readers of the record keep: how far one has come, when another was last here."""

from sqlalchemy import text
from sqlmodel import Session


def position(session: Session, name: str) -> int | None:
    """Where the mark stands; None when it was never set."""
    query = text("SELECT position FROM cursor WHERE name = :name")
    found = session.connection().execute(query, {"name": name}).scalar_one_or_none()
    return None if found is None else int(found)


def take(session: Session, name: str, *, start: int) -> int | None:
    """Where the mark stands, and hold it until the transaction ends; None when somebody else holds it.

    A mark that is not there yet is set to `start`.
    """
    if position(session, name) is None:
        statement = text("INSERT INTO cursor VALUES (:name, :start) ON CONFLICT DO NOTHING")
        session.connection().execute(statement, {"name": name, "start": start})
    # An insert in any case would wait for whoever holds the mark.
    query = text("SELECT position FROM cursor WHERE name = :name FOR UPDATE SKIP LOCKED")
    found = session.connection().execute(query, {"name": name}).scalar_one_or_none()
    return None if found is None else int(found)


def put(session: Session, name: str, *, position: int) -> None:
    """Set the mark. The caller commits."""
    statement = text(
        "INSERT INTO cursor (name, position) VALUES (:name, :position)"
        " ON CONFLICT (name) DO UPDATE SET position = excluded.position"
    )
    session.connection().execute(statement, {"name": name, "position": position})

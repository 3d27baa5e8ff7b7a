"""One import after the other: two people who take in the same workbook at once do not get in each other's way."""

from sqlalchemy import text
from sqlmodel import Session

IMPORT_LOCK = 0x6475_0003
MEANWHILE = "one that was not here when the file was read; import the file again"


def wait_for_turn(session: Session) -> None:
    """Wait until every other import has committed or given up, and hold the turn until this transaction ends.

    Called before anything is compared: the second import of a workbook then finds everything here already.
    """
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})

"""The small city with tag sets of its own in force, as a pack that was loaded brings them."""

from sqlmodel import Session

from services.tasks.settings import FILE
from tests.services.surveys.field import keep_form_file
from tests.services.tasks.desk import TAGS


def tags_in_force(session: Session, written: str = TAGS) -> None:
    keep_form_file(session, {FILE: written.encode()})
    session.commit()

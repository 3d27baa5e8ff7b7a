"""Signing for a task letter: a leader of the unit, or who fills in for one. Who, for whom and when stays on record."""

from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.permissions import PERMISSIONS, Right, held, must_hold
from models.rights import Actor
from models.task_letter import LetterAct, TaskLetter, TaskLetterEvent
from models.unit import OwnerKind, Person, Unit
from services.people import city_day
from services.rulebook import the_city
from services.tasks.errors import AlreadySigned, LetterReplaced


def sign(session: Session, number: str, *, by: Actor, now: datetime) -> TaskLetter:
    """Sign for a letter; asked again by the same person, nothing happens. The caller commits.

    Raises ActionNotAllowed, AlreadySigned, LetterReplaced; NotFound, also for a letter that the actor may not see.
    """
    query = select(TaskLetter).where(TaskLetter.number == number).with_for_update()
    letter = session.exec(query.execution_options(populate_existing=True)).first() if "\x00" not in number else None
    if letter is None or not may_see(session, letter, by):
        raise NotFound(what="task_letter", code=number)
    must_hold(by, Right.SIGN_TASK_LETTER, city=the_city(session).code, unit=letter.unit_code)
    if letter.replaced_at is not None:
        raise LetterReplaced(number=letter.number, by=_in_force(session, letter).number)
    if letter.signed_at is not None:
        return _signed_before(session, letter, by)
    letter.signed_at, letter.signed_by = now, by.code
    session.add(letter)
    event = TaskLetterEvent(letter_id=letter.id or 0, act=LetterAct.SIGNED, who=by.code, at=now)
    event.on_behalf_of = _for_whom(by, letter.unit_code)
    session.add(event)
    session.flush()
    return letter


def may_see(session: Session, letter: TaskLetter, by: Actor) -> bool:
    """Whether somebody sees the letter: whoever belongs to the unit by a post, or watches over its area."""
    return may_see_unit(session, session.get_one(Unit, letter.unit_code), by)


def may_see_unit(session: Session, unit: Unit, by: Actor) -> bool:
    """Whether somebody sees what a unit answers for."""
    area = session.get_one(Area, unit.area_code)
    return held(by, Right.SEE, city=the_city(session).code).covers(area_path=area.path, unit=unit.code)


def may_sign(letter: TaskLetter, by: Actor, *, city: str) -> bool:
    """Whether the actor could sign for it now."""
    open_ = letter.signed_at is None and letter.replaced_at is None
    return open_ and held(by, Right.SIGN_TASK_LETTER, city=city).covers(unit=letter.unit_code)


def _signed_before(session: Session, letter: TaskLetter, by: Actor) -> TaskLetter:
    """The same person may ask twice: a phone that got no answer sends again."""
    if letter.signed_by == by.code or letter.signed_at is None:
        return letter
    who = session.get(Person, letter.signed_by)
    on = city_day(session, letter.signed_at)
    raise AlreadySigned(number=letter.number, who=who.name if who else letter.signed_by, on=on)


def _in_force(session: Session, letter: TaskLetter) -> TaskLetter:
    query = select(TaskLetter).where(
        TaskLetter.year == letter.year, TaskLetter.unit_code == letter.unit_code, col(TaskLetter.replaced_at).is_(None)
    )
    return session.exec(query).one()


def _for_whom(by: Actor, unit: str) -> str | None:
    """For whom the actor fills in, where only the substitute's posts give the right."""
    who = PERMISSIONS[Right.SIGN_TASK_LETTER]
    own = [post for post in by.posts if post.owner_kind is OwnerKind.UNIT and post.owner_code == unit]
    if any(who.comes_with(post, city="") for post in own):
        return None
    others = ((post, of) for post, of in by.for_others if post.owner_code == unit)
    return next((of for post, of in others if who.comes_with(post, city="")), None)

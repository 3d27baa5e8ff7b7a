"""Who is put into which post, and who fills in. For the administrator, and for the creation office over the place.

Each change is put on record as one on the pages of administration is, and waits for what is being changed there.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.errors import NotFound, WrongValue
from models.permissions import Right, must_hold
from models.point import Point
from models.rights import Actor
from models.unit import Deputy, OwnerKind, Person, Post, Tenure, Unit
from services.cities.loading import lock
from services.cities.recording import recorded
from services.commands import check_text
from services.rulebook import the_city


def appoint(
    session: Session, *, by: Actor, post_code: str, person_code: str, start: date, now: datetime, why: str = ""
) -> Tenure:
    """Give a post to somebody from a day on; saying it twice is harmless. `why` stays on record; the caller commits.

    Raises NotFound, ActionNotAllowed, WrongValue.
    """
    post = _post(session, post_code)
    _person(session, person_code)
    _check(by, _path(session, post.owner_kind, post.owner_code))
    check_text(why, "reason")
    lock(session)
    of = {"post_code": post_code, "person_code": person_code}
    with recorded(session, "tenures", of=of, who=by.code, why=why.strip(), now=now):
        return _appointed(session, post_code, person_code, start)


def _appointed(session: Session, post_code: str, person_code: str, start: date) -> Tenure:
    known = session.exec(_tenures(post_code, person_code)).first()
    if known:
        return known
    ended = session.exec(_tenures_from(post_code, person_code, start)).first()
    if ended:  # dismissed on the day of the appointment, and put back
        ended.valid_to = None
        session.flush()
        return ended
    tenure = Tenure(post_code=post_code, person_code=person_code, valid_from=start)
    session.add(tenure)
    session.flush()
    return tenure


def dismiss(
    session: Session, *, by: Actor, post_code: str, person_code: str, last_day: date, now: datetime, why: str = ""
) -> int:
    """End somebody's hold of a post on a day; the day before the first undoes the appointment. The caller commits.

    Raises NotFound for who does not hold it, ActionNotAllowed, WrongValue.
    """
    post = _post(session, post_code)
    _check(by, _path(session, post.owner_kind, post.owner_code))
    check_text(why, "reason")
    lock(session)
    of = {"post_code": post_code, "person_code": person_code}
    with recorded(session, "tenures", of=of, who=by.code, why=why.strip(), now=now):
        return _dismissed(session, post_code, person_code, last_day)


def _dismissed(session: Session, post_code: str, person_code: str, last_day: date) -> int:
    tenures = session.exec(_tenures(post_code, person_code)).all()
    if not tenures:
        raise NotFound(what="holder of the post", code=f"{person_code} {post_code}")
    for tenure in tenures:
        if last_day < tenure.valid_from - timedelta(days=1):
            raise WrongValue(field="until", value=str(last_day), expected=f"{tenure.valid_from} or later")
        tenure.valid_to = last_day
    session.flush()
    return len(tenures)


def substitute(
    session: Session,
    *,
    by: Actor,
    person_code: str,
    deputy_code: str,
    start: date,
    end: date,
    now: datetime,
    why: str = "",
) -> Deputy:
    """Let somebody fill in over some days: for oneself, or by who may appoint. The caller commits.

    Raises NotFound, WrongValue, ActionNotAllowed.
    """
    _person(session, person_code)
    _person(session, deputy_code)
    if end < start or person_code == deputy_code:
        value = f"{deputy_code} {start} – {end}"
        raise WrongValue(field="deputy", value=value, expected="somebody else, first day ≤ last day")
    if by.code != person_code:
        for path in _places(session, person_code, start, end) or [[the_city(session).code]]:
            _check(by, path)
    check_text(why, "reason")
    lock(session)
    of = {"person_code": person_code, "deputy_code": deputy_code}
    with recorded(session, "deputies", of=of, who=by.code, why=why.strip(), now=now):
        return _filled_in(session, person_code, deputy_code, start, end)


def _filled_in(session: Session, person_code: str, deputy_code: str, start: date, end: date) -> Deputy:
    known = session.exec(
        select(Deputy).where(
            Deputy.person_code == person_code, Deputy.deputy_code == deputy_code, Deputy.valid_from == start
        )
    ).first()
    if known:
        known.valid_to = end
        session.flush()
        return known
    row = Deputy(person_code=person_code, deputy_code=deputy_code, valid_from=start, valid_to=end)
    session.add(row)
    session.flush()
    return row


def _places(session: Session, person_code: str, start: date, end: date) -> list[list[str]]:
    """Where the posts lie that somebody holds at any time between two days."""
    query = (
        select(Post)
        .join(Tenure, col(Tenure.post_code) == col(Post.code))
        .where(Tenure.person_code == person_code, col(Tenure.valid_from) <= end)
        .where(or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= start))
    )
    return [_path(session, post.owner_kind, post.owner_code) for post in session.exec(query)]


def _check(by: Actor, path: list[str]) -> None:
    must_hold(by, Right.APPOINT, city=path[0] if path else "", area_path="/".join(path))


def _path(session: Session, kind: OwnerKind, owner: str) -> list[str]:
    """The codes of the areas above what a post belongs to, its own area included."""
    area = owner
    if kind is OwnerKind.UNIT:
        unit = session.get(Unit, owner)
        area = unit.area_code if unit else ""
    elif kind is OwnerKind.POINT:
        point = session.get(Point, owner)
        area = point.area_code if point else ""
    found = session.get(Area, area)
    return found.path.split("/") if found else []


def _tenures(post_code: str, person_code: str) -> SelectOfScalar[Tenure]:
    return select(Tenure).where(
        Tenure.post_code == post_code, Tenure.person_code == person_code, col(Tenure.valid_to).is_(None)
    )


def _tenures_from(post_code: str, person_code: str, start: date) -> SelectOfScalar[Tenure]:
    return select(Tenure).where(
        Tenure.post_code == post_code, Tenure.person_code == person_code, Tenure.valid_from == start
    )


def _post(session: Session, code: str) -> Post:
    post = session.get(Post, code)
    if post is None:
        raise NotFound(what="post", code=code)
    return post


def _person(session: Session, code: str) -> Person:
    person = session.get(Person, code)
    if person is None:
        raise NotFound(what="person", code=code)
    return person

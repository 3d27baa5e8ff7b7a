"""Persons and the posts they hold on a day. The rights of somebody who acts come from here."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.rights import Actor, HeldPost
from models.unit import Deputy, OwnerKind, Person, Post, Tenure
from services.rulebook import the_city


def city_day(session: Session, now: datetime) -> date:
    """The date in the city at this moment."""
    return now.astimezone(ZoneInfo(the_city(session).timezone)).date()


def actor(session: Session, code: str, *, now: datetime) -> Actor:
    """Who acts, with the posts held today and those filled in for today. Raises NotFound; nobody is the system."""
    if session.get(Person, code) is None:
        raise NotFound(what="person", code=code)
    today = city_day(session, now)
    others = session.exec(
        select(Deputy.person_code).where(
            Deputy.deputy_code == code, col(Deputy.valid_from) <= today, col(Deputy.valid_to) >= today
        )
    ).all()
    held = held_posts(session, [code, *others], today=today)
    return Actor(
        code=code,
        posts=tuple(held.get(code, ())),
        for_others=tuple((post, other) for other in others for post in held.get(other, ())),
    )


def held_posts(session: Session, persons: list[str], *, today: date) -> dict[str, list[HeldPost]]:
    """The posts that each of these persons holds on a day."""
    query = (
        select(Tenure.person_code, Post, Area.level)
        .join(Post, col(Post.code) == col(Tenure.post_code))
        .join(Area, (col(Area.code) == col(Post.owner_code)) & (col(Post.owner_kind) == OwnerKind.AREA), isouter=True)
        .where(col(Tenure.person_code).in_(persons), col(Tenure.valid_from) <= today)
        .where(or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today))
    )
    held: dict[str, list[HeldPost]] = {}
    for person, post, level in session.exec(query):
        held.setdefault(person, []).append(HeldPost(post.kind, post.owner_kind, post.owner_code, level or 0))
    return held


def holders(session: Session, post_code: str, *, today: date) -> list[str]:
    """Who holds a post on a day; nobody when it is vacant."""
    query = (
        select(Tenure.person_code)
        .where(Tenure.post_code == post_code, col(Tenure.valid_from) <= today)
        .where(or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today))
        .order_by(col(Tenure.id))
    )
    return list(session.exec(query))


def vacant_posts(session: Session, *, today: date) -> list[Post]:
    """Every post that nobody holds on a day."""
    filled = select(Tenure.post_code).where(
        col(Tenure.valid_from) <= today, or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today)
    )
    return list(session.exec(select(Post).where(col(Post.code).not_in(filled)).order_by(col(Post.code))))

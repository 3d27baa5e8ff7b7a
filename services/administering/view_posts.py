"""Posts and who holds them, for who may appoint there; and the edits that hand a post over in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, WrongValue
from models.permissions import Held
from models.point import Point
from models.unit import OwnerKind, Person, Post, PostKind, Tenure, Unit
from services.administering.looking import row as held_row
from services.administering.values import Edit
from services.administering.view_names import names_of
from services.administering.view_tables import escaped
from services.cities.keys import key_text

ONE_DAY = timedelta(days=1)
OPEN_UNTIL = date.max


@dataclass(frozen=True)
class Holder:
    """Somebody who holds, held or will hold a post. `key` names the row of the tenure."""

    person: str
    name: str
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether they hold it on a day."""
        return self.first <= day <= (self.last or OPEN_UNTIL)


@dataclass(frozen=True)
class PostLine:
    """A post with what it belongs to, and its holders, the latest first."""

    code: str
    title: str
    kind: PostKind
    owner: str
    holders: tuple[Holder, ...]

    def held_on(self, day: date) -> list[Holder]:
        """Who holds it on a day."""
        return [one for one in self.holders if one.on(day)]


def posts_in(
    session: Session, held: Held, *, query: str, after: str, vacant_on: date | None, limit: int
) -> tuple[list[PostLine], str | None]:
    """Posts in these areas with all below, by code from behind `after`; and the code to go on from, None at the end.

    `vacant_on`: only those that nobody holds on that day.
    """
    wanted = [_within(session, held), col(Post.code) > after]
    if query:
        like = f"%{escaped(query)}%"
        holding = select(Tenure.post_code).join(Person, col(Person.code) == col(Tenure.person_code))
        named = holding.where(or_(col(Person.name).ilike(like), col(Person.code) == query))
        wanted.append(or_(col(Post.code).ilike(like), col(Post.title).ilike(like), col(Post.code).in_(named)))
    if vacant_on:
        wanted.append(col(Post.code).not_in(select(Tenure.post_code).where(_holds(vacant_on))))
    found = list(session.exec(select(Post).where(*wanted).order_by(col(Post.code)).limit(limit + 1)))
    more = found[limit - 1].code if len(found) > limit else None
    return _lines(session, found[:limit]), more


def post_of(session: Session, held: Held, code: str) -> PostLine:
    """One post. Raises NotFound, also for one that lies elsewhere: a stranger learns nothing."""
    query = select(Post).where(_within(session, held), col(Post.code) == code)
    found = session.exec(query).first() if "\x00" not in code else None
    if found is None:
        raise NotFound(what="post", code=code)
    return _lines(session, [found])[0]


def handed_over(
    session: Session, post: PostLine, *, to: str, first: date, ending: Iterable[str], last: date | None = None
) -> list[Edit]:
    """The edits by which `to` holds the post from `first` on, and those in `ending` until the day before.

    Nobody in `to`: they only end. Raises MissingInput where nothing would change, WrongValue for who does not hold it
    or would end before beginning.
    """
    edits = [_ended(session, post, person, first - ONE_DAY) for person in ending]
    if to:
        cells = {"post_code": post.code, "person_code": to, "valid_from": first.isoformat()}
        edits.append(Edit("tenures", None, cells if last is None else {**cells, "valid_to": last.isoformat()}))
    if not edits:
        raise MissingInput(action="appoint", missing="person")
    return edits


def _ended(session: Session, post: PostLine, person: str, last: date) -> Edit:
    one = next((held for held in post.holders if held.person == person and held.on(last + ONE_DAY)), None)
    if one is None:
        raise WrongValue(field="ending", value=person, expected="somebody who holds the post")
    if last < one.first:
        raise WrongValue(field="first", value=str(last + ONE_DAY), expected=f"{one.first + ONE_DAY} or later")
    row = held_row(session, "tenures", key_text((post.code, one.person, one.first.isoformat())))
    return Edit("tenures", row.key, {"valid_to": last.isoformat()}, row.mark)


def _within(session: Session, held: Held) -> ColumnElement[bool]:
    """Posts of the areas below, of their units and of their points."""
    places = [_below(session, code) for code in sorted(held.areas)]
    below = select(Area.code).where(or_(false(), *places))
    of_units = select(Unit.code).where(col(Unit.area_code).in_(below))
    of_points = select(Point.code).where(col(Point.area_code).in_(below))
    kinds = ((OwnerKind.AREA, below), (OwnerKind.UNIT, of_units), (OwnerKind.POINT, of_points))
    return or_(*[and_(col(Post.owner_kind) == kind, col(Post.owner_code).in_(codes)) for kind, codes in kinds])


def _below(session: Session, code: str) -> ColumnElement[bool]:
    area = session.get(Area, code)
    path = area.path if area else code
    return or_(col(Area.path) == path, col(Area.path).startswith(f"{path}/", autoescape=True))


def _lines(session: Session, posts: list[Post]) -> list[PostLine]:
    held: dict[str, list[Holder]] = {}
    query = (
        select(Tenure, Person.name)
        .join(Person, col(Person.code) == col(Tenure.person_code))
        .where(col(Tenure.post_code).in_([post.code for post in posts]))
        .order_by(col(Tenure.valid_from).desc(), col(Tenure.id).desc())
    )
    for tenure, name in session.exec(query):
        one = Holder(tenure.person_code, name, tenure.valid_from, tenure.valid_to)
        held.setdefault(tenure.post_code, []).append(one)
    owners = _owners(session, posts)
    return [_line(post, owners, held.get(post.code, [])) for post in posts]


def _line(post: Post, owners: Mapping[str, str], holders: Sequence[Holder]) -> PostLine:
    return PostLine(post.code, post.title, post.kind, owners.get(post.owner_code, post.owner_code), tuple(holders))


def _owners(session: Session, posts: list[Post]) -> dict[str, str]:
    """What each post belongs to, by code."""
    codes = {post.owner_code for post in posts}
    found: dict[str, str] = {}
    for table in ("areas", "units", "points"):
        found |= names_of(session, table, codes)
    return found


def _holds(day: date) -> ColumnElement[bool]:
    return and_(col(Tenure.valid_from) <= day, func.coalesce(col(Tenure.valid_to), OPEN_UNTIL) >= day)

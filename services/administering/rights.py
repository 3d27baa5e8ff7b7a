"""Who may change what of the city."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from models.permissions import Right, held, must_hold
from models.rights import Actor
from models.unit import OwnerKind
from services.administering.values import Edit, FileEdit
from services.cities.keys import key_parts
from services.cities.pack import Pack
from services.cities.reading import TABLE_OF
from services.rulebook import the_city

CONTACTS = "contacts"


def right_of(table: str) -> Right:
    """Whose right it is to see and change the whole of a table: contacts are not for everybody who edits the city."""
    return Right.MANAGE_CONTACTS if table == CONTACTS else Right.MANAGE_CITY


def must_export(session: Session, actor: Actor) -> None:
    """Whoever takes the whole pack out needs every right of it. Raises ActionNotAllowed."""
    _must(actor, the_city(session).code, (Right.MANAGE_CITY, Right.MANAGE_CONTACTS))


def check_edits(actor: Actor, edits: Sequence[Edit | FileEdit], *, base: Pack) -> None:
    """Raises ActionNotAllowed for the first edit that is not the actor's.

    Who may appoint in an area hands over the posts there and names substitutes of those who hold them.
    """
    city = base.city.code
    if actor.is_system or held(actor, Right.MANAGE_CITY, city=city):
        _must(actor, city, {right_of(_table(edit)) for edit in edits})
        return
    for edit in edits:
        if isinstance(edit, Edit) and edit.table in ("tenures", "deputies"):
            for path in _places(edit, base):
                must_hold(actor, Right.APPOINT, city=city, area_path=path)
        else:
            _must(actor, city, (right_of(_table(edit)),))


def check_pack(actor: Actor, *, base: Pack, pack: Pack) -> None:
    """Raises ActionNotAllowed for who may not edit the city, or not the contacts in it where they differ."""
    contacts = () if pack.contacts == base.contacts else (Right.MANAGE_CONTACTS,)
    _must(actor, base.city.code, (Right.MANAGE_CITY, *contacts))


def _must(actor: Actor, city: str, rights: Iterable[Right]) -> None:
    if not actor.is_system:
        for right in sorted(rights):
            must_hold(actor, right, city=city)


def _table(edit: Edit | FileEdit) -> str:
    return edit.table if isinstance(edit, Edit) else TABLE_OF.get(edit.file, edit.file)


def _places(edit: Edit, base: Pack) -> Iterator[str]:
    """Where the posts lie that a tenure or a substitution is about; the whole city where that is nowhere."""
    column = "post_code" if edit.table == "tenures" else "person_code"
    code = edit.cells.get(column, "").strip() if edit.key is None else key_parts(edit.key)[0]
    posts = {code} if edit.table == "tenures" else {one.post_code for one in base.tenures if one.person_code == code}
    paths = base.paths()
    found = [paths.get(_area(kind, owner, base), "") for kind, owner in _owners(posts, base)]
    yield from found or [base.city.code]


def _owners(posts: set[str], base: Pack) -> Iterator[tuple[OwnerKind, str]]:
    return ((post.owner_kind, post.owner_code) for post in base.posts if post.code in posts)


def _area(kind: OwnerKind, owner: str, base: Pack) -> str:
    if kind is OwnerKind.UNIT:
        return next((unit.area_code for unit in base.units if unit.code == owner), "")
    if kind is OwnerKind.POINT:
        return next((point.area_code for point in base.points if point.code == owner), "")
    return owner

"""Which issues somebody may see, in a list or one by one: the one place for pages, API and shell."""

from sqlmodel import Session, col, select

from models.errors import NotFound
from models.issue import Issue
from models.permissions import Right, held
from models.rights import Actor, roles_on, territories_of
from services.filters import Scope

OF_TERRITORIES = (Right.SEE, Right.SEE_BOARDS)


def scope_of(actor: Actor, *, city: str, right: Right = Right.SEE) -> Scope | None:
    """Where the actor has a right, as lists and boards take it; None for the whole city."""
    if actor.is_system:
        return None
    found = held(actor, right, city=city)
    areas = found.areas | (territories_of(actor) if right in OF_TERRITORIES else frozenset())
    if city in areas:
        return None
    return Scope(areas, found.units, found.points, actor.code if right is Right.SEE else None)


def sees(actor: Actor, issue: Issue) -> bool:
    """Whether somebody may see this issue: whoever is anything to it, or leads the place where it is."""
    return bool(roles_on(actor, issue)) or not territories_of(actor).isdisjoint(issue.area_path.split("/"))


def must_see(session: Session, actor: Actor, number: str) -> Issue:
    """The issue with this number. Raises NotFound, for one that may not be seen too: a stranger learns nothing."""
    issue = session.exec(select(Issue).where(col(Issue.number) == number)).first() if "\x00" not in number else None
    if issue is None or not sees(actor, issue):
        raise NotFound(what="issue", code=number)
    return issue

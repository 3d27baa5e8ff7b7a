"""What a reader asked for, made into a question to the services: the filter, and as much as this reader may see."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.permissions import Right
from runtime.i18n import language
from services import sight
from services.filters import Scope, Wanted
from services.list_choices import Choices, choices
from services.rulebook import the_city
from web.deps import Desk
from web.kept import kept
from web.lists.asked import Asked
from web.login import Reader


@dataclass(frozen=True)
class Question:
    """A list that somebody may have. `zone`: the city's."""

    asked: Asked
    wanted: Wanted
    scope: Scope | None
    zone: str


DESK = "desk"
"""`counted=desk`: handlers see no boards, but have numbers on their desk."""


def zone_of(here: Desk) -> str:
    """The city's time zone."""
    return the_city(here.session).timezone


def question(here: Desk, reader: Reader, asked: Asked, *, right: Right = Right.SEE) -> Question:
    """Raises WrongValue and NotFound for filters that cannot be used."""
    zone = zone_of(here)
    wanted = asked.wanted(here.session, reader=reader.code, zone=ZoneInfo(zone))
    return Question(asked, wanted, scope_for(reader, asked, right), zone)


def scope_for(reader: Reader, asked: Asked, right: Right) -> Scope | None:
    """As much as they may see; or the part that boards count, or their desk, when a number there is followed."""
    if asked.flag("counted"):
        return board_scope(reader)
    scope = sight.scope_of(reader.actor, city=reader.city, right=right)
    return scope.as_counted() if scope and asked.one("counted") == DESK else scope


def board_scope(reader: Reader) -> Scope | None:
    """What boards count for them; None for the whole city."""
    scope = sight.scope_of(reader.actor, city=reader.city, right=Right.SEE_BOARDS)
    return scope.as_counted() if scope else None


def form_choices(here: Desk) -> Choices:
    """What the form of filters offers."""
    lang = language()
    return kept(here.request).get(("choices", lang), lambda: choices(here.session, lang=lang))

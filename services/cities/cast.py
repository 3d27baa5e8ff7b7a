"""Who plays in the sample stories: plausible holders of the posts that may do each thing."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from models.errors import NotFound
from models.issue import FoundLevel, Issue, Source
from models.rights import Actor, is_independent
from models.routing import UNIT_CHAIN, area_at, verifier_posts
from models.rules import Rules
from models.unit import PostKind
from services import people

ABOVE_THE_DISTRICT = frozenset({FoundLevel.CENTRAL, FoundLevel.PROVINCE, FoundLevel.CITY})
REPORTED = frozenset({Source.HOTLINE, Source.SNAPSHOT})


class Cast:
    """Finds the players; each person is looked up once a day of the story."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._actors: dict[tuple[str, object], Actor] = {}

    def finder(self, path: str, *, source: Source, level: FoundLevel, now: datetime) -> Actor:
        """An inspector of the level; the office takes down what the public reports."""
        kind = PostKind.OFFICE if source in REPORTED else PostKind.INSPECTOR
        place = 1 if level in ABOVE_THE_DISTRICT else 2
        return self._first([_at(path, place, kind), _at(path, 1, kind)], now)

    def dispatcher(self, issue: Issue, *, now: datetime) -> Actor:
        """The office of the district, and of the city for what the city or somebody above it has found."""
        place = 1 if issue.found_level in ABOVE_THE_DISTRICT else 2
        return self.office(issue, level=place, now=now)

    def office(self, issue: Issue, *, level: int, now: datetime) -> Actor:
        return self._first([_at(issue.area_path, at, PostKind.OFFICE) for at in range(level, 0, -1)], now)

    def approver(self, issue: Issue, rules: Rules, *, now: datetime) -> Actor:
        """The office that may give so much time."""
        level = rules.severity(issue.severity).extension.approver_level
        return self.office(issue, level=min(level, 2), now=now)

    def handler(self, issue: Issue, *, now: datetime) -> Actor:
        """Who signed in; else the unit's handler, and its leaders where that post is vacant."""
        if issue.handler:
            return self._actor(issue.handler, now)
        return self._first([f"{issue.lead_unit}:{kind}" for kind in UNIT_CHAIN], now)

    def verifier(self, issue: Issue, *, now: datetime) -> Actor:
        """Somebody independent: of the place that is called, else of the district, else of the city."""
        posts = [*verifier_posts(issue), *(_at(issue.area_path, level, PostKind.VERIFIER) for level in (2, 1))]
        for actor in self._holders(posts, now):
            if is_independent(actor, issue):
                return actor
        raise NotFound(what="independent verifier", code=issue.number)

    def _first(self, posts: Iterable[str], now: datetime) -> Actor:
        wanted = list(posts)
        for actor in self._holders(wanted, now):
            return actor
        raise NotFound(what="holder of the post", code=" / ".join(wanted))

    def _holders(self, posts: Iterable[str], now: datetime) -> Iterable[Actor]:
        today = people.city_day(self._session, now)
        for post in posts:
            for person in people.holders(self._session, post, today=today):
                yield self._actor(person, now)

    def _actor(self, code: str, now: datetime) -> Actor:
        key = code, now.date()
        if key not in self._actors:
            self._actors[key] = people.actor(self._session, code, now=now)
        return self._actors[key]


def _at(path: str, level: int, kind: PostKind) -> str:
    return f"{area_at(path, level)}:{kind}"

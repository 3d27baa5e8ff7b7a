"""The sample issues: their stories are lived through again, at their times, through the same door as all else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import BadRow, BadRows, DubanError
from models.issue import Issue
from models.lifecycle import Action
from models.point import Point
from models.rights import SYSTEM
from services import issues
from services.cities.loading import Progress
from services.cities.pack import Pack
from services.cities.playing import Player
from services.cities.rows import StoryRow, StoryStep
from services.commands import Command
from services.evidence import Place
from services.transition import apply

PREFIX = "sample:"


@dataclass(frozen=True)
class SampleCounts:
    """What was played: issues made, issues that were there already, actions of people, events that time brought."""

    made: int
    known: int
    actions: int
    timed: int
    suppressed: int


@dataclass(frozen=True)
class Moment:
    """Something that happens in a story; without a step it is the finding."""

    at: datetime
    story: StoryRow
    step: StoryStep | None


def load_samples(
    session: Session, pack: Pack, *, now: datetime, evidence_dir: Place, progress: Progress | None = None
) -> SampleCounts:
    """Play the stories that are not there yet, up to now. The caller commits.

    1. All stories together in the order of time; before each step the timers run up to its moment, so whatever would
       have climbed the ladder has climbed it.
    2. In the end the timers run up to now.
    3. What was to be told in the past is marked suppressed: nobody gets a late message about a sample.

    Raises BadRows with the line of a story that the door refuses.
    """
    known = _known(session)
    stories = [story for story in pack.stories if PREFIX + story.key not in known]
    moments = sorted(_moments(stories, now), key=lambda moment: moment.at)
    show = Show(session, Player(session, evidence_dir=evidence_dir))
    for done, moment in enumerate(moments, start=1):
        show.run_timers(moment.at)
        show.play(moment)
        if progress:
            progress(done, len(moments))
    show.run_timers(now)
    return SampleCounts(
        made=len(stories),
        known=len(pack.stories) - len(stories),
        actions=len(moments) - len(stories),
        timed=show.timed,
        suppressed=_suppress(session, list(show.ids.values()), now=now),
    )


def _known(session: Session) -> frozenset[str | None]:
    return frozenset(session.exec(select(Issue.external_ref).where(col(Issue.external_ref).startswith(PREFIX))))


def _moments(stories: Iterable[StoryRow], now: datetime) -> Iterable[Moment]:
    for story in stories:
        found_at = now - timedelta(days=story.days_ago)
        yield Moment(found_at, story, None)
        yield from (Moment(found_at + timedelta(days=step.days), story, step) for step in story.story)


class Show:
    """The stories under way."""

    def __init__(self, session: Session, player: Player) -> None:
        self.session, self.player = session, player
        self.ids: dict[str, int] = {}
        self.timed = 0
        self._found_at: dict[str, datetime] = {}

    def play(self, moment: Moment) -> None:
        """One moment. Raises BadRows where it is refused."""
        story, step = moment.story, moment.step
        try:
            if step is None:
                self._find(story, moment.at)
            else:
                found_at = self._found_at[story.key]
                self.player.play(step, issue_id=self.ids[story.key], found_at=found_at, now=moment.at)
        except DubanError as error:
            shown = f"{step.action}@{step.days:g}" if step else "find"
            row = BadRow("issues.csv", story.row, "story", f"{story.key} {shown}", str(error))
            raise BadRows(file="issues.csv", rows=[row]) from error

    def _find(self, story: StoryRow, at: datetime) -> None:
        path = self.session.exec(
            select(Area.path).join(Point, col(Point.area_code) == col(Area.code)).where(Point.code == story.point_code)
        ).one()
        by = self.player.cast.finder(path, source=story.source, level=story.found_level, now=at)
        finding = issues.Finding(
            description=story.description,
            source=story.source,
            found_level=story.found_level,
            point=story.point_code,
            standard=story.standard_code,
            severity=story.severity,
            key=PREFIX + story.key,
            evidence=(self.player.photo(story.key, "before", now=at),),
        )
        (outcome,) = issues.find(self.session, findings=[finding], by=by, now=at)
        assert outcome.issue_id is not None
        self.ids[story.key], self._found_at[story.key] = outcome.issue_id, at

    def run_timers(self, until: datetime) -> None:
        """What time brings to these issues up to a moment, each step at its own time, as a running engine would.

        Not the sweep: it looks at every issue of the database and commits, and this belongs to one transaction.
        """
        last: tuple[datetime, list[int]] | None = None
        while (due := self._due(until)) and due != last:
            at, ids = last = due
            outcomes = apply(self.session, [Command(Action.ESCALATE, SYSTEM, issue_id) for issue_id in ids], now=at)
            self.timed += sum(len(outcome.events) for outcome in outcomes)

    def _due(self, until: datetime) -> tuple[datetime, list[int]] | None:
        query = text(
            "SELECT next_step_at, array_agg(id ORDER BY id) FROM issue WHERE id = ANY(:ids) AND next_step_at <= :until"
            " GROUP BY next_step_at ORDER BY next_step_at LIMIT 1"
        )
        row = self.session.connection().execute(query, {"ids": list(self.ids.values()), "until": until}).first()
        return (row[0], row[1]) if row else None


def _suppress(session: Session, ids: list[int], *, now: datetime) -> int:
    statement = text(
        "UPDATE message SET state = 'suppressed', finished_at = :now, failure = 'sample'"
        " WHERE issue_id = ANY(:ids) AND state = 'pending' AND created_at <= :now"
    )
    return int(session.connection().execute(statement, {"ids": ids, "now": now}).rowcount)

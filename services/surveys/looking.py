"""Surveys as people see them: which ones, how far each place has come. Nothing here writes.

A desk sees what was said in its own areas; an interviewer the places that are theirs, and no results.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.permissions import Held, Right, held
from models.rights import Actor
from models.survey import Audience, SurveyAnswer, SurveyPlace, SurveyReply, SurveyRound
from services.people import city_day
from services.rulebook import the_city
from services.surveys.answering import device_hash
from services.surveys.starting import is_open

SHOWN = 100
_COUNTED = """
SELECT place_id, count(*) FILTER (WHERE audience = 'household'), count(*) FILTER (WHERE audience = 'rater')
  FROM survey_reply y WHERE round_id = ANY(:rounds) AND place_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM survey_reply newer WHERE newer.corrects = y.id) GROUP BY place_id
"""


@dataclass(frozen=True)
class PlaceLine:
    """One community of a survey: how many were asked, and how many are wanted."""

    id: int
    code: str
    name: str
    within: str
    path: str
    door: int
    interviewer: str
    interviewer_name: str
    households: int
    raters: int

    def left(self, round_: SurveyRound) -> int:
        """Interviews that are still wanted."""
        return max(0, round_.per_place - self.households) + max(0, round_.raters - self.raters)


@dataclass(frozen=True)
class Line:
    """A survey in a list. `mine`: places of the reader where interviews are wanted."""

    round: SurveyRound
    area: str
    places: int
    wanted: int
    done: int
    public: int
    mine: int
    open: bool


@dataclass(frozen=True)
class Seen:
    """A survey for one reader. `areas`: where they may see results, widest first; empty for an interviewer.

    `runs`: they may end it, print signs, enter for others.
    """

    round: SurveyRound
    area: Area
    areas: tuple[Area, ...]
    places: tuple[PlaceLine, ...]
    open: bool
    runs: bool


def surveys(session: Session, *, reader: Actor, now: datetime) -> list[Line]:
    """The newest surveys that the reader may know of, newest first."""
    query = select(SurveyRound, Area).join(Area, col(Area.code) == col(SurveyRound.area_code))
    rows = session.exec(query.order_by(col(SurveyRound.id).desc()).limit(SHOWN)).all()
    scope, today = _scope(session, reader), city_day(session, now)
    lines = []
    for round_, area in rows:
        places = _places(session, round_)
        mine = [one for one in places if one.interviewer == reader.code]
        if mine or areas_within(session, scope, area):
            lines.append(_line(session, round_, area, places, mine, today))
    return lines


def survey(session: Session, code: str, *, reader: Actor, now: datetime) -> Seen:
    """One survey. Raises NotFound, also for one that the reader may not know of."""
    round_ = None if "\x00" in code else session.exec(select(SurveyRound).where(SurveyRound.code == code)).first()
    if round_ is None:
        raise NotFound(what="survey", code=code[:40])
    area = session.get_one(Area, round_.area_code)
    areas = areas_within(session, _scope(session, reader), area)
    runs = held(reader, Right.RUN_SURVEYS, city=the_city(session).code).covers(area_path=area.path)
    inner = [one.path for one in areas]
    places = tuple(
        one
        for one in _places(session, round_)
        if one.interviewer == reader.code or any(one.path == path or one.path.startswith(f"{path}/") for path in inner)
    )
    if not areas and not places:
        raise NotFound(what="survey", code=code[:40])
    return Seen(round_, area, areas, places, is_open(round_, today=city_day(session, now)), runs)


def place_of(session: Session, seen: Seen, key: int) -> tuple[SurveyPlace, PlaceLine]:
    """One place of a survey that the reader sees. Raises NotFound."""
    line = next((one for one in seen.places if one.id == key), None)
    if line is None:
        raise NotFound(what="survey", code=key)
    return session.get_one(SurveyPlace, key), line


def replies_of(session: Session, place: SurveyPlace) -> Sequence[SurveyReply]:
    """The interviews of a place that count, newest first."""
    newer = select(SurveyReply.corrects).where(col(SurveyReply.corrects).is_not(None))
    query = select(SurveyReply).where(SurveyReply.place_id == place.id, col(SurveyReply.id).not_in(newer))
    return session.exec(query.order_by(col(SurveyReply.id).desc())).all()


def areas_within(session: Session, scope: Held, area: Area) -> tuple[Area, ...]:
    """Where in an area somebody sees results: all of it, or the parts that are theirs."""
    if scope.areas & set(area.path.split("/")):
        return (area,)
    query = select(Area).where(col(Area.code).in_(scope.areas), col(Area.path).startswith(f"{area.path}/"))
    return tuple(session.exec(query.order_by(col(Area.level), col(Area.path))))


def _scope(session: Session, reader: Actor) -> Held:
    return held(reader, Right.SEE_SURVEYS, city=the_city(session).code)


def _line(
    session: Session,
    round_: SurveyRound,
    area: Area,
    places: Sequence[PlaceLine],
    mine: Sequence[PlaceLine],
    today: date,
) -> Line:
    public = text("SELECT count(*) FROM survey_reply WHERE round_id = :round AND audience = :public")
    said = session.connection().execute(public, {"round": round_.id, "public": Audience.PUBLIC.value}).scalar_one()
    return Line(
        round=round_,
        area=area.name,
        places=len(places),
        wanted=len(places) * (round_.per_place + round_.raters),
        done=sum(one.households + one.raters for one in places),
        public=said,
        mine=sum(1 for one in mine if one.left(round_)),
        open=is_open(round_, today=today),
    )


def _places(session: Session, round_: SurveyRound) -> list[PlaceLine]:
    found = session.connection().execute(text(_COUNTED), {"rounds": [round_.id]})
    counted = {key: {"households": homes, "raters": raters} for key, homes, raters in found}
    query = text(
        "SELECT p.id, a.code, a.name, coalesce(up.name, '') AS within, a.path, p.door, p.interviewer,"
        " w.name AS interviewer_name FROM survey_place p"
        " JOIN area a ON a.code = p.area_code LEFT JOIN area up ON up.code = a.parent_code"
        " JOIN person w ON w.code = p.interviewer WHERE p.round_id = :round ORDER BY p.position"
    )
    rows = session.connection().execute(query, {"round": round_.id}).mappings()
    none = {"households": 0, "raters": 0}
    return [PlaceLine(**row, **counted.get(row["id"], none)) for row in rows]


def has_answered(session: Session, round_: SurveyRound, *, device: str | None) -> bool:
    """Whether this telephone has answered the public form of a survey."""
    if device is None:
        return False
    query = select(SurveyReply.id).where(
        SurveyReply.round_id == round_.id, SurveyReply.device == device_hash(round_, device)
    )
    return session.exec(query).first() is not None


def area_name(session: Session, code: str) -> str:
    """What an area is called."""
    return session.get_one(Area, code).name


def must_run(seen: Seen) -> Seen:
    """The survey, for who runs it. Raises NotFound."""
    if not seen.runs:
        raise NotFound(what="survey", code=seen.round.code)
    return seen


def reply(session: Session, key: int) -> SurveyReply:
    """One interview. Raises NotFound, for an answer of the public too: nobody looks at a single one."""
    found = session.get(SurveyReply, key)
    if found is None or found.place_id is None:
        raise NotFound(what="reply", code=key)
    return found


def answers_of_reply(session: Session, found: SurveyReply) -> dict[str, str]:
    """What was said: question → answer."""
    query = select(SurveyAnswer.question, SurveyAnswer.answer).where(SurveyAnswer.reply_id == found.id)
    return dict(session.exec(query).all())


def zone(session: Session) -> str:
    """The city's, for times."""
    return the_city(session).timezone

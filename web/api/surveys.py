"""Surveys: begin one, enter interviews, read results. Citizens answer by the public form alone."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from models.area import Area
from models.errors import NotFound
from runtime.i18n import language
from services.scores.formula import in_force
from services.surveys import answering, looking, signs, starting
from services.surveys.answering import Said
from services.surveys.looking import Seen
from services.surveys.results import Figure, Row, results
from services.surveys.starting import SurveyOrder
from web.api.doors import Audits, Caller, Reads
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import one_of
from web.api.schemas.surveys import (
    Correction,
    Ending,
    Interview,
    Kept,
    NewSurvey,
    Place,
    Places,
    Rate,
    Rates,
    ResultsOf,
    SignOf,
    Survey,
    SurveyOf,
)

router = APIRouter(route_class=Once, tags=["surveys"], prefix="/surveys")
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
READ, DONE = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 422, 429)


@router.get("", responses=READ)
def every(caller: Reads) -> list[Survey]:
    """The newest ones that the caller may know of."""
    return [one_of(Survey, one.round) for one in looking.surveys(caller.session, reader=caller.actor, now=caller.now)]


@router.post("", status_code=201, responses=DONE)
def start(caller: Audits, given: NewSurvey, key: Key = None) -> Survey:
    """Draw communities and share them out between the interviewers."""
    order = SurveyOrder(**given.model_dump(), key=f"api:{caller.actor.code}:{key}" if key else None)
    made = starting.start(caller.session, order, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Survey, made)


@router.get("/{code}", responses=READ)
def one(code: str, caller: Reads) -> SurveyOf:
    """One survey with its places."""
    return _told(caller, _seen(caller, code))


@router.get("/{code}/results", responses=READ)
def figures(code: str, caller: Reads, area: Annotated[str | None, Query(max_length=100)] = None) -> ResultsOf:
    """The figures, of the area named: it must lie where the caller may read results."""
    seen = _seen(caller, code)
    wanted = caller.session.get(Area, area) if area else seen.areas[0] if seen.areas else None
    inside = wanted and any(f"{wanted.path}/".startswith(f"{outer.path}/") for outer in seen.areas)
    if wanted is None or not inside:
        raise NotFound(what="area", code=area or "-")
    found = results(caller.session, seen.round, wanted, rules=in_force(caller.session))
    return ResultsOf(
        area=wanted.code,
        questions={question.code: question.words(language()) for question in found.counted},
        sampled=_rates(found.whole),
        parts=[_rates(row) for row in found.parts],
        public=_rates(found.public),
        before=found.before[0].code if found.before else None,
        before_rates=_rates(found.before[1]) if found.before else None,
        least=found.least,
    )


@router.post("/{code}/places/{place}/replies", status_code=201, responses=DONE)
def record(code: str, place: Id, caller: Audits, given: Interview) -> Kept:
    """Enter one interview; the same key again gives the one that is there."""
    row, _line = looking.place_of(caller.session, _seen(caller, code), place)
    said = Said(dict(given.answers), given.key)
    reply = answering.record(caller.session, row, given.audience, said, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Kept, reply)


@router.post("/{code}/replies/{reply}/correction", status_code=201, responses=DONE)
def correct(code: str, reply: Id, caller: Audits, given: Correction) -> Kept:
    """Enter an interview anew; the old one stays on record and counts no more."""
    old = looking.reply(caller.session, reply)
    looking.place_of(caller.session, _seen(caller, code), old.place_id or 0)
    said = Said(dict(given.answers), given.key)
    made = answering.correct(caller.session, reply, said, why=given.why, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Kept, made)


@router.post("/{code}/end", responses=DONE)
def end(code: str, caller: Audits, given: Ending) -> SurveyOf:
    """End it before its last day."""
    starting.end(caller.session, _seen(caller, code).round, by=caller.actor, why=given.why, now=caller.now)
    caller.session.commit()
    return _told(caller, _seen(caller, code))


@router.get("/{code}/signs", responses=READ)
def signs_of(code: str, caller: Audits) -> list[SignOf]:
    """The signs of the public form, for who runs the survey."""
    seen = looking.must_run(_seen(caller, code))
    return _signs(caller, seen)


@router.post("/{code}/signs", status_code=201, responses=DONE)
def make_signs(code: str, caller: Audits, given: Places) -> list[SignOf]:
    """Make signs for places; one that has a sign keeps it."""
    seen = looking.must_run(_seen(caller, code))
    signs.make_signs(caller.session, seen.round, given.areas, by=caller.actor, now=caller.now)
    caller.session.commit()
    return _signs(caller, seen)


def _seen(caller: Caller, code: str) -> Seen:
    return looking.survey(caller.session, code, reader=caller.actor, now=caller.now)


def _signs(caller: Caller, seen: Seen) -> list[SignOf]:
    found = signs.signs_of(caller.session, seen.round, public_url=caller.settings.public_url)
    return [one_of(SignOf, one) for one in found]


def _told(caller: Caller, seen: Seen) -> SurveyOf:
    return SurveyOf(
        survey=one_of(Survey, seen.round),
        open=seen.open,
        areas=[area.code for area in seen.areas],
        places=[one_of(Place, place) for place in seen.places],
        draw_repeats=starting.drawn_again(caller.session, seen.round),
    )


def _rates(row: Row) -> Rates:
    return Rates(code=row.code, name=row.name, figures={name: _rate(one) for name, one in row.figures.items()})


def _rate(one: Figure) -> Rate:
    return one_of(Rate, one)

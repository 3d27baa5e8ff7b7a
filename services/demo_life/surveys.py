"""A survey of residents that is over, with its results, and one that is under way, in some places with few answers."""

from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session, col, select

from models.survey import Audience, SurveyPlace, SurveyRound, SurveySign
from services.demo_life.stage import Stage
from services.surveys import answering, signs, starting
from services.surveys.answering import Said
from services.surveys.forms import Form, forms_in_force, frozen_form
from services.surveys.starting import SurveyOrder

FEWER = ((12, 5), (7, 3), (4, 1), (2, 0))
"""Households and raters asked so far, community by community: in the last ones too few to say anything."""
KEENEST = 3
"""So many times as often the first answer of a question is given as any other."""


def hold(stage: Stage) -> None:
    """Nothing where the city's pack has no questionnaire."""
    form = next(iter(forms_in_force(stage.session)), "")
    if not form:
        return
    over = _begun(stage, form, "居民满意度调查（上期）", days=45, lasts=15, places=8)
    for n, place in enumerate(_places(stage.session, over)):
        _asked(stage, over, place, households=12 if n else 3, raters=4 if n else 1, at=stage.ago(40 - n % 8, 15))
    _public(stage, over, of=14, at=stage.ago(36, 18))
    runs = _begun(stage, form, "居民满意度调查（本期）", days=3, lasts=20, places=10)
    for n, place in enumerate(_places(stage.session, runs)[: len(FEWER)]):
        households, raters = FEWER[n]
        _asked(stage, runs, place, households=households, raters=raters, at=stage.ago(2 - n // 2, 10 + n))
    _public(stage, runs, of=9, at=stage.ago(1, 19))


def _begun(stage: Stage, form: str, title: str, *, days: int, lasts: int, places: int) -> SurveyRound:
    at = stage.ago(days, 9)
    order = SurveyOrder(
        form=form,
        title=title,
        area=stage.city,
        opens_on=at.date(),
        closes_on=at.date() + timedelta(days=lasts),
        places=places,
        per_place=12,
        raters=5,
        interviewers=tuple(stage.holders("inspector")[:3]),
        seed=days,
    )
    return starting.start(stage.session, order, by=stage.office(at), now=at)


def _places(session: Session, round_: SurveyRound) -> list[SurveyPlace]:
    query = select(SurveyPlace).where(SurveyPlace.round_id == round_.id).order_by(col(SurveyPlace.position))
    return list(session.exec(query))


def _asked(
    stage: Stage, round_: SurveyRound, place: SurveyPlace, *, households: int, raters: int, at: datetime
) -> None:
    form, chance = frozen_form(stage.session, round_.form_code), Random(f"{round_.code}/{place.id}")
    by = stage.act(place.interviewer, at)
    for n in range(households + raters):
        audience = Audience.HOUSEHOLD if n < households else Audience.RATER
        when = min(at + timedelta(minutes=6 * n), stage.now)
        said = Said(_answers(form, audience, chance), f"demo-{n:02}")
        answering.record(stage.session, place, audience, said, by=by, now=when)


def _public(stage: Stage, round_: SurveyRound, *, of: int, at: datetime) -> None:
    """Passers-by who read the code of a sign."""
    areas = [place.area_code for place in _places(stage.session, round_)[:3]]
    signs.make_signs(stage.session, round_, areas, by=stage.office(at), now=at)
    form, chance = frozen_form(stage.session, round_.form_code), Random(round_.code)
    there = stage.session.exec(select(SurveySign).where(SurveySign.round_id == round_.id)).all()
    for n in range(of):
        said = Said(_answers(form, Audience.PUBLIC, chance), f"demo-{n:02}")
        answering.answer(stage.session, there[n % len(there)], said, device=f"telephone {n}", now=at)


def _answers(form: Form, audience: Audience, chance: Random) -> dict[str, str]:
    """Mostly the first that a question offers."""
    return {
        one.code: chance.choices(one.choices, [KEENEST * len(one.choices), *[1] * (len(one.choices) - 1)])[0].code
        for one in form.asked(audience)
    }

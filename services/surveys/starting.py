"""Beginning and ending a survey: communities are drawn and shared out, each with a door to begin at."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, Refused, WrongValue
from models.permissions import Right, must_hold
from models.rights import Actor
from models.survey import SurveyPlace, SurveyRound
from models.unit import Person
from services import bulk, rulebook
from services.audits import LARGEST_SEED
from services.drawing import shared_out
from services.people import city_day, held_posts
from services.scores.formula import in_force
from services.surveys.drawing import drawn_places
from services.surveys.forms import keep_form
from services.surveys.messages import tell_interviewers

SAMPLED_LEVEL = 4
"""Communities and villages."""
MOST_PLACES, MOST_PER_PLACE = 500, 200
LONGEST_TITLE = 80
LONGEST_DAYS = timedelta(days=366)


_END = text(
    "UPDATE survey_round SET ended_at = :now, ended_by = :by, ended_why = :why WHERE id = :id AND ended_at IS NULL"
)


class SurveyOver(Refused):
    """Answers are not taken any more, or not yet."""

    code = "survey_over"
    template = "Survey {code} takes no answers today: it is open from {opens} to {closes}."


@dataclass(frozen=True)
class SurveyOrder:
    """A survey that is wanted: `form`, the name of a questionnaire; `places` communities below `area`; in each of them
    so many households and field raters. No seed: drawn by chance. `key` makes a repeated order harmless."""

    form: str
    title: str
    area: str
    opens_on: date
    closes_on: date
    places: int
    per_place: int
    interviewers: tuple[str, ...]
    raters: int = 0
    seed: int | None = None
    key: str | None = None


def start(session: Session, order: SurveyOrder, *, by: Actor, now: datetime) -> SurveyRound:
    """Draw the communities and share them out. The caller commits.

    Raises ActionNotAllowed, NotFound, MissingInput, WrongValue, BadForm.
    """
    area = _area(session, order.area)
    must_hold(by, Right.RUN_SURVEYS, city=rulebook.the_city(session).code, area_path=area.path)
    _check(order)
    if order.key and (known := _known(session, order.key)):
        return known
    _check_interviewers(session, order.interviewers, now=now)
    form = keep_form(session, order.form, rules=in_force(session), now=now)
    seed = secrets.randbelow(LARGEST_SEED) if order.seed is None else order.seed
    places = drawn_places(candidates(session, area), wanted=order.places, seed=seed)
    if not places:
        raise WrongValue(field="area", value=order.area, expected="an area with communities")
    round_ = _new_round(session, order, form=form, seed=seed, by=by.code, now=now)
    shared = shared_out([code for code, _ in places], inspectors=tuple(dict.fromkeys(order.interviewers)))
    _write_places(session, round_, places, shared)
    tell_interviewers(session, round_, shared, now=now)
    return round_


def candidates(session: Session, area: Area) -> dict[str, list[str]]:
    """The communities of an area by the part of it in which they lie: a district of the city, a street of a district.

    Only such as are there today by the register: those that have ended are left out.
    """
    query = select(Area.code, Area.path).where(
        col(Area.level) == SAMPLED_LEVEL, col(Area.path).startswith(f"{area.path}/"), col(Area.valid_to).is_(None)
    )
    found: dict[str, list[str]] = {}
    for code, path in session.exec(query):
        part = path.removeprefix(f"{area.path}/").split("/")[0]
        found.setdefault(part, []).append(code)
    if area.level == SAMPLED_LEVEL:
        found[area.code] = [area.code]
    return found


def drawn_again(session: Session, round_: SurveyRound) -> bool:
    """Whether the seed gives the same communities and doors from the register as it is now."""
    area = session.get_one(Area, round_.area_code)
    there = candidates(session, area)
    query = select(SurveyPlace.area_code, SurveyPlace.door).where(SurveyPlace.round_id == round_.id)
    drawn = sorted(session.exec(query.order_by(SurveyPlace.area_code)).all())
    return drawn == drawn_places(there, wanted=round_.wanted, seed=round_.seed)


def end(session: Session, round_: SurveyRound, *, by: Actor, why: str, now: datetime) -> None:
    """End it before its last day; it takes a reason, which stays. The caller commits.

    Raises ActionNotAllowed, MissingInput, SurveyOver where it is over already.
    """
    area = session.get_one(Area, round_.area_code)
    must_hold(by, Right.RUN_SURVEYS, city=rulebook.the_city(session).code, area_path=area.path)
    if not why.strip():
        raise MissingInput(action="end", missing="why")
    given = {"now": now, "by": by.code, "why": why.strip(), "id": round_.id}
    changed = session.connection().execute(_END, given)
    session.expire_all()
    if not changed.rowcount:
        raise over(round_)


def is_open(round_: SurveyRound, *, today: date) -> bool:
    """Whether answers are taken on this day."""
    return round_.ended_at is None and round_.opens_on <= today <= round_.closes_on


def over(round_: SurveyRound) -> SurveyOver:
    """The refusal of an answer that comes too early or too late."""
    ended = round_.ended_at.date() if round_.ended_at else round_.closes_on
    return SurveyOver(code=round_.code, opens=round_.opens_on, closes=min(ended, round_.closes_on))


def _area(session: Session, code: str) -> Area:
    area = session.get(Area, code)
    if area is None:
        raise NotFound(what="area", code=code[:40])
    return area


def _check(order: SurveyOrder) -> None:
    title = order.title.strip()
    if not title:
        raise MissingInput(action="survey", missing="title")
    if len(title) > LONGEST_TITLE:
        raise WrongValue(field="title", value=title[:20] + "…", expected=f"at most {LONGEST_TITLE} characters")
    if not order.interviewers:
        raise MissingInput(action="survey", missing="interviewers")
    if not order.opens_on <= order.closes_on <= order.opens_on + LONGEST_DAYS:
        raise WrongValue(
            field="closes_on", value=order.closes_on, expected=f"a day within a year from {order.opens_on}"
        )
    _within("places", order.places, 1, MOST_PLACES)
    _within("per_place", order.per_place, 1, MOST_PER_PLACE)
    _within("raters", order.raters, 0, MOST_PER_PLACE)
    _within("seed", order.seed or 0, 0, LARGEST_SEED)


def _within(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise WrongValue(field=field, value=value, expected=f"{low}–{high}")


def _known(session: Session, key: str) -> SurveyRound | None:
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    return session.exec(select(SurveyRound).where(SurveyRound.key == key)).first()


def _check_interviewers(session: Session, codes: Sequence[str], *, now: datetime) -> None:
    """They are there, and hold a post today: else nobody could log in as them."""
    there = set(session.exec(select(Person.code).where(col(Person.code).in_(codes))))
    held = held_posts(session, list(there), today=city_day(session, now))
    for code in codes:
        if code not in there:
            raise NotFound(what="person", code=code[:40])
        if not held.get(code):
            raise WrongValue(field="interviewers", value=code, expected="persons who hold a post today")


def _new_round(session: Session, order: SurveyOrder, *, form: str, seed: int, by: str, now: datetime) -> SurveyRound:
    prefix, year = rulebook.the_city(session).number_prefix, order.opens_on.year
    (number,) = bulk.take_numbers(session, f"survey/{prefix}/{year}", 1)
    round_ = SurveyRound(
        code=f"{prefix}-Q-{year}-{number:03d}",
        form_code=form,
        title=order.title.strip(),
        area_code=order.area,
        year=year,
        opens_on=order.opens_on,
        closes_on=order.closes_on,
        seed=seed,
        wanted=order.places,
        per_place=order.per_place,
        raters=order.raters,
        requested_by=by,
        created_at=now,
        key=order.key,
    )
    session.add(round_)
    session.flush()
    return round_


def _write_places(
    session: Session, round_: SurveyRound, places: Sequence[tuple[str, int]], shared: Mapping[str, Sequence[str]]
) -> None:
    """`shared`: a stretch of the list, which is in the order of codes and so of streets, for each interviewer."""
    doors: Mapping[str, int] = dict(places)
    who = {code: person for person, codes in shared.items() for code in codes}
    rows: list[dict[str, Any]] = [
        {"round_id": round_.id, "area_code": code, "position": n, "door": doors[code], "interviewer": who[code]}
        for n, (code, _) in enumerate(places, start=1)
    ]
    bulk.insert(session, SurveyPlace, rows)

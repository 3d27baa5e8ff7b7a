"""Taking answers: of households and field raters by an interviewer, of the public by itself. All are append-only."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from models.area import Area
from models.errors import ActionNotAllowed, MissingInput, NotFound, Refused, WrongValue
from models.permissions import PERMISSIONS, Right, held
from models.rights import Actor
from models.survey import SAMPLED, Audience, SurveyAnswer, SurveyPlace, SurveyReply, SurveyRound, SurveySign
from services import bulk
from services.people import city_day
from services.rulebook import the_city
from services.surveys.forms import Form, frozen_form
from services.surveys.starting import is_open, over

LONGEST_WHY = 500


class AnsweredAlready(Refused):
    """This telephone has answered this survey."""

    code = "answered_already"
    template = "This telephone has answered this survey already. Thank you."


class CorrectedAlready(Refused):
    """Somebody has corrected this reply."""

    code = "corrected_already"
    template = "This reply has been corrected already; correct the newer one instead."


@dataclass(frozen=True)
class Said:
    """What one person said: question → answer. `key` is made once for each sheet: sent twice, it counts once."""

    answers: Mapping[str, str]
    key: str


def record(
    session: Session, place: SurveyPlace, audience: Audience, said: Said, *, by: Actor, now: datetime
) -> SurveyReply:
    """One interview. The caller commits.

    Raises ActionNotAllowed, SurveyOver, MissingInput for a question without an answer, WrongValue.
    """
    round_, area = session.get_one(SurveyRound, place.round_id), session.get_one(Area, place.area_code)
    may_record(session, place, by=by)
    if audience not in SAMPLED:
        raise WrongValue(field="audience", value=audience, expected=", ".join(SAMPLED))
    reply = SurveyReply(
        round_id=place.round_id,
        place_id=place.id,
        area_code=area.code,
        area_path=area.path,
        audience=audience,
        interviewer=by.code,
        at=now,
        key=f"{by.code}/{place.id}/{said.key}",
    )
    return _write(session, round_, reply, said, now=now)


def may_record(session: Session, place: SurveyPlace, *, by: Actor) -> None:
    """Raises ActionNotAllowed for who neither goes there nor runs surveys there."""
    area = session.get_one(Area, place.area_code)
    runs = held(by, Right.RUN_SURVEYS, city=the_city(session).code).covers(area_path=area.path)
    if place.interviewer != by.code and not runs:
        raise ActionNotAllowed(action=Right.RUN_SURVEYS, who=", ".join(sorted(PERMISSIONS[Right.RUN_SURVEYS].who)))


def correct(session: Session, reply_id: int, said: Said, *, why: str, by: Actor, now: datetime) -> SurveyReply:
    """Another reply in the place of one that was entered wrongly, which stays on record. The caller commits.

    Raises NotFound, also for one of the public, whom nobody answers for; ActionNotAllowed, CorrectedAlready, and what
    `record` raises.
    """
    old = session.get(SurveyReply, reply_id)
    place = session.get(SurveyPlace, old.place_id) if old and old.place_id else None
    if old is None or place is None:
        raise NotFound(what="reply", code=reply_id)
    round_ = session.get_one(SurveyRound, old.round_id)
    may_record(session, place, by=by)
    if not why.strip() or len(why) > LONGEST_WHY:
        raise MissingInput(action="correct", missing="why")
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": reply_id})
    newer = session.exec(select(SurveyReply).where(SurveyReply.corrects == reply_id)).first()
    key = f"{by.code}/{place.id}/{said.key}"
    if newer is not None and newer.key != key:
        raise CorrectedAlready()
    copied = old.model_dump(include={"round_id", "place_id", "area_code", "area_path", "audience"})
    made = SurveyReply(**copied, interviewer=by.code, at=now, key=key, corrects=reply_id, why=why.strip())
    return _write(session, round_, made, said, now=now)


def answer(session: Session, sign: SurveySign, said: Said, *, device: str | None, now: datetime) -> SurveyReply:
    """An answer of the public. `device`: the chance number of the cookie, of which only a hash is kept.

    Raises SurveyOver, AnsweredAlready, MissingInput, WrongValue. The caller commits.
    """
    round_, area = session.get_one(SurveyRound, sign.round_id), session.get_one(Area, sign.area_code)
    reply = SurveyReply(
        round_id=sign.round_id,
        area_code=area.code,
        area_path=area.path,
        audience=Audience.PUBLIC,
        at=now.replace(
            minute=0, second=0, microsecond=0
        ),  # to the hour: who stood there just then is nobody's business
        key=f"sign/{sign.id}/{said.key}",
        device=device_hash(round_, device) if device else None,
    )
    return _write(session, round_, reply, said, now=now)


def device_hash(round_: SurveyRound, device: str) -> str:
    """What is kept of a telephone's chance number: another for each survey, so that nobody is followed through them."""
    return hashlib.sha256(f"{round_.code}/{device}".encode()).hexdigest()


def _write(session: Session, round_: SurveyRound, reply: SurveyReply, said: Said, *, now: datetime) -> SurveyReply:
    """Once per key, and per telephone. What was sent before is given back as it is."""
    known = session.exec(select(SurveyReply).where(SurveyReply.key == reply.key)).first()
    if known is not None:
        return known
    if not is_open(round_, today=city_day(session, now)):
        raise over(round_)
    answers = checked(frozen_form(session, round_.form_code), reply.audience, said.answers)
    columns = reply.model_dump(exclude={"id"})
    table = bulk.table_of(SurveyReply)
    made = insert(table).values(**columns).on_conflict_do_nothing().returning(table.c.id)
    key = session.connection().execute(made).scalar()
    if key is None:
        again = session.exec(select(SurveyReply).where(SurveyReply.key == reply.key)).first()
        if again is None:
            raise AnsweredAlready()
        return again
    bulk.insert(session, SurveyAnswer, [{"reply_id": key, "question": q, "answer": a} for q, a in answers.items()])
    return session.get_one(SurveyReply, key)


def checked(form: Form, audience: Audience, given: Mapping[str, str]) -> dict[str, str]:
    """An answer to every question of this audience. Raises MissingInput for the first without, WrongValue."""
    found: dict[str, str] = {}
    for question in form.asked(audience):
        code = given.get(question.code, "")
        if not code:
            raise MissingInput(action="answer", missing=question.code)
        if question.choice(code) is None:
            expected = ", ".join(choice.code for choice in question.choices)
            raise WrongValue(field=question.code, value=code[:40], expected=expected)
        found[question.code] = code
    if unknown := sorted(set(given) - set(found)):
        raise WrongValue(field=unknown[0][:40], value=given[unknown[0]][:40], expected="a question of this form")
    return found

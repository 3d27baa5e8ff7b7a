"""Signs of a survey's public form: for each area a key that nobody guesses, printed as a QR code."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.permissions import Right, must_hold
from models.rights import Actor
from models.survey import SurveyRound, SurveySign
from services import bulk
from services.rulebook import the_city
from services.signs import Sign

BYTES = 12
"""96 bits of chance: short enough for a small code, and beyond guessing."""
KEY = re.compile(r"[A-Za-z0-9_-]{16}", re.ASCII)


def make_signs(session: Session, round_: SurveyRound, areas: Sequence[str], *, by: Actor, now: datetime) -> None:
    """A sign for each of these areas of the survey that has none yet. The caller commits.

    Raises ActionNotAllowed; NotFound for an area that is not within the survey's.
    """
    home = session.get_one(Area, round_.area_code)
    must_hold(by, Right.RUN_SURVEYS, city=the_city(session).code, area_path=home.path)
    found = {area.code: area for area in session.exec(select(Area).where(col(Area.code).in_(areas)))}
    for code in areas:
        area = found.get(code)
        if area is None or not f"{area.path}/".startswith(f"{home.path}/"):
            raise NotFound(what="area", code=code[:40])
    rows = [
        {
            "round_id": round_.id,
            "area_code": code,
            "key": secrets.token_urlsafe(BYTES),
            "made_by": by.code,
            "made_at": now,
        }
        for code in dict.fromkeys(areas)
    ]
    bulk.insert(session, SurveySign, rows, or_skip=True)


def signs_of(session: Session, round_: SurveyRound, *, public_url: str) -> list[Sign]:
    """The signs of a survey, by place."""
    query = select(SurveySign, Area).join(Area, col(Area.code) == col(SurveySign.area_code))
    rows = session.exec(query.where(SurveySign.round_id == round_.id).order_by(col(Area.path))).all()
    return [
        Sign(round_.code, round_.title, "", area.name, f"{public_url.rstrip('/')}/s/{sign.key}") for sign, area in rows
    ]


def sign_of(session: Session, key: str) -> SurveySign:
    """The sign with this key. Raises NotFound."""
    sign = session.exec(select(SurveySign).where(SurveySign.key == key)).first() if KEY.fullmatch(key) else None
    if sign is None:
        raise NotFound(what="survey", code="-")
    return sign

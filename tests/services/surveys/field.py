"""Shorthand for surveys: a city with a questionnaire and some communities, a survey begun, answers given."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, select

from models.administration import PackFile
from models.area import Area
from models.city import City
from models.survey import Audience, SurveyPlace, SurveyReply, SurveyRound
from services import bulk
from services.cities.kept_files import keep_bodies
from services.pack_files import digest_of, sha256_of
from services.surveys import answering, starting
from services.surveys.answering import Said
from services.surveys.starting import SurveyOrder
from tests.cast import MONDAY, OFFICE, who

FORM = (Path(__file__).parents[3] / "cities" / "zigong" / "surveys" / "residents.toml").read_bytes()
GOOD = {
    "awareness": "aware",
    "support": "supports",
    "satisfaction": "satisfied",
    "channel": "street",
    "first": "traffic",
}
INTERVIEWER, OTHER_INTERVIEWER = "R00018", "R00002"


def a_field(session: Session, communities: int = 12) -> None:
    """The questionnaire in the city's pack, and so many communities in each of the two districts."""
    keep_form_file(session, {"surveys/residents.toml": FORM})
    rows = [
        {
            "code": f"{street}{n:03d}",
            "name": f"{street[:6]}第{n}社区",
            "level": 4,
            "parent_code": street,
            "managed_by": None,
            "path": f"5103/{street[:6]}/{street}/{street}{n:03d}",
            "local": False,
            "sample": True,
            "valid_from": None,
            "valid_to": None,
        }
        for street in ("510302001", "510303001")
        for n in range(100, 100 + communities)
    ]
    bulk.insert(session, Area, rows)
    session.flush()


def keep_form_file(session: Session, files: Mapping[str, bytes]) -> None:
    keep_bodies(session, files.values())
    bulk.insert(session, PackFile, [{"path": path, "sha256": sha256_of(body)} for path, body in files.items()])
    city = session.exec(select(City)).one()
    city.pack = {**city.pack, "files": digest_of(files)}
    session.flush()


def an_order(**given: object) -> SurveyOrder:
    usual = {
        "form": "residents",
        "title": "第四季度居民问卷",
        "area": "5103",
        "opens_on": date(2026, 11, 2),
        "closes_on": date(2026, 11, 30),
        "places": 6,
        "per_place": 20,
        "raters": 5,
        "interviewers": (INTERVIEWER, OTHER_INTERVIEWER),
        "seed": 42,
    }
    return SurveyOrder(**{**usual, **given})  # type: ignore[arg-type]


def a_survey(session: Session, *, now: datetime = MONDAY, by: str = OFFICE, **given: object) -> SurveyRound:
    return starting.start(session, an_order(**given), by=who(session, by, now=now), now=now)


def places_of(session: Session, round_: SurveyRound) -> list[SurveyPlace]:
    query = select(SurveyPlace).where(SurveyPlace.round_id == round_.id).order_by(SurveyPlace.position)
    return list(session.exec(query))


def ask(
    session: Session,
    place: SurveyPlace,
    *,
    key: str,
    audience: Audience = Audience.HOUSEHOLD,
    by: str | None = None,
    now: datetime = MONDAY,
    **answers: str,
) -> SurveyReply:
    """One interview; what is not said is said well."""
    given = {**GOOD, **answers}
    if audience is Audience.RATER:
        given.pop("channel")
    actor = who(session, by or place.interviewer, now=now)
    return answering.record(session, place, audience, Said(given, key), by=actor, now=now)

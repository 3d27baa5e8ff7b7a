"""The two modules beside on-site inspection: online filing and the questionnaire survey."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from models.scoring.filing import filing_score
from models.scoring.number import Number, counted
from models.scoring.questionnaire import questionnaire_score
from models.scoring.rules import Scoring
from models.standard import EvaluationVersion
from services.filing.reading import filing_material
from services.surveys.reading import survey_answers


def edition_of(session: Session, *, year: int, system: str) -> str | None:
    """The edition of a system that is in force at the end of a year; None where none is yet."""
    query = select(EvaluationVersion.code).where(
        EvaluationVersion.system_code == system, EvaluationVersion.valid_from <= date(year, 12, 31)
    )
    newest = query.order_by(col(EvaluationVersion.valid_from).desc(), col(EvaluationVersion.code).desc())
    return session.exec(newest).first()


def filing_module(
    session: Session, *, year: int, edition: str | None, of: str, rules: Scoring, now: datetime | None
) -> Number:
    """Online filing of a year; no value without material. `now`: what is not due yet is left out."""
    if edition is None:
        return counted("online_filing", None, of=of)
    return filing_score(filing_material(session, year=year, version=edition, now=now), of=of, rules=rules)


def questionnaire_module(session: Session, *, year: int, area_code: str, rules: Scoring) -> Number:
    """The surveys of a year in an area."""
    answers = survey_answers(session, year=year, area_code=area_code, rules=rules)
    return questionnaire_score(answers, of=area_code, rules=rules)

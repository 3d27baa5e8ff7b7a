"""The answers of surveys as scores take them. A reply that another one corrects counts no more."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.scoring.questionnaire import Answer
from models.scoring.rules import Scoring
from services.scores.formula import in_force

_ANSWERS = """
SELECT s.id, s.question, s.answer, y.audience, y.area_path FROM survey_answer s
  JOIN survey_reply y ON y.id = s.reply_id
  JOIN survey_round r ON r.id = y.round_id
  JOIN area a ON a.code = :area
 WHERE (y.area_path = a.path OR starts_with(y.area_path, a.path || '/')) AND {which}
   AND y.audience = ANY(:groups) AND s.question = ANY(:questions)
   AND NOT EXISTS (SELECT FROM survey_reply newer WHERE newer.corrects = y.id)
 ORDER BY s.id
"""


def survey_answers(session: Session, *, year: int, area_code: str, rules: Scoring | None = None) -> Iterable[Answer]:
    """Every answer of the year's surveys in an area and below it, to the questions that count.

    Of households and field raters; of the public only where the rules name a weight for it. `rules`: those in force
    where none are given.
    """
    given = rules or in_force(session)
    return [one for one, _ in answers_of(session, "r.year = :year", {"year": year}, area_code=area_code, rules=given)]


def answers_of(
    session: Session,
    which: str,
    given: Mapping[str, Any],
    *,
    area_code: str,
    rules: Scoring,
    groups: Collection[str] = (),
) -> list[tuple[Answer, str]]:
    """Answers with the paths of where they were given. `which`: a condition of ours on the survey `r`."""
    counted = groups or groups_counted(rules)
    values = {**given, "area": area_code, "groups": list(counted), "questions": list(rules.questionnaire.questions)}
    rows = session.connection().execute(text(_ANSWERS.format(which=which)), values)
    return [(Answer(key, question, answer, group), path) for key, question, answer, group, path in rows]


def groups_counted(rules: Scoring) -> frozenset[str]:
    """Whose answers count: those with a weight; the sampled ones where the rules name nobody."""
    return frozenset(rules.questionnaire.groups) or frozenset({"household", "rater"})

"""What counts for a unit beside its cases: incidents on record, and what the public said about its cases."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from models.scoring.appraisal import Beside, Incident
from models.scoring.number import Number
from models.scoring.questionnaire import Answer, question_rate
from models.scoring.rules import Scoring

SATISFACTION = "satisfaction"
# The last answer about an issue counts: who was called back twice is one person.
ANSWERS = text(
    "SELECT DISTINCT ON (s.issue_id) s.id, i.lead_unit AS unit, s.answer"
    " FROM survey s JOIN issue i ON i.id = s.issue_id"
    " WHERE s.at >= :start AND s.at < :end AND i.lead_unit IS NOT NULL AND i.state <> 'void'"
    " AND (i.area_path = :path OR i.area_path LIKE :below) ORDER BY s.issue_id, s.id DESC"
)
INCIDENTS = text(
    "SELECT n.id, n.unit_code AS unit, n.code FROM unit_incident n JOIN unit u ON u.code = n.unit_code"
    " JOIN area a ON a.code = u.area_code"
    " WHERE n.on_date BETWEEN :first AND :last AND n.withdraws IS NULL"
    " AND NOT EXISTS (SELECT FROM unit_incident w WHERE w.withdraws = n.id)"
    " AND (a.path = :path OR a.path LIKE :below) ORDER BY n.id"
)


def besides(
    session: Session,
    *,
    period: tuple[date, date],
    instants: tuple[datetime, datetime],
    area_path: str,
    rules: Scoring,
) -> dict[str, Beside]:
    """Unit → what counts beside its cases, for those that have anything."""
    place = {"path": area_path, "below": f"{area_path}/%"}
    incidents: dict[str, list[Incident]] = defaultdict(list)
    given = {"first": period[0], "last": period[1], **place}
    for row in session.connection().execute(INCIDENTS, given).mappings():
        incidents[row["unit"]].append(Incident(row["id"], row["unit"], row["code"]))
    rates = _satisfaction(session, {"start": instants[0], "end": instants[1], **place}, rules)
    return {
        unit: Beside(tuple(incidents.get(unit, ())), rates.get(unit))
        for unit in sorted(incidents.keys() | rates.keys())
    }


def _satisfaction(session: Session, given: dict[str, object], rules: Scoring) -> dict[str, Number]:
    """Each unit's rate of the question; nothing where the rules ask no such question."""
    if SATISFACTION not in rules.questionnaire.questions:
        return {}
    known = rules.questionnaire.questions[SATISFACTION].answers
    by_unit: dict[str, list[Answer]] = defaultdict(list)
    for row in session.connection().execute(ANSWERS, given).mappings():
        if row["answer"] in known:
            by_unit[row["unit"]].append(Answer(row["id"], SATISFACTION, row["answer"]))
    return {unit: question_rate(rows, question=SATISFACTION, rules=rules).rate for unit, rows in by_unit.items()}

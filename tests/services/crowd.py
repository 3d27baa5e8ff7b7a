"""Issues of every kind for tests of lists and maps: other states, units, steps, places, finders, dates."""

from sqlalchemy import text
from sqlmodel import Session, select

from models.issue import Issue
from services import issues
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, at, who

LATER = at("2026-11-09 10:00")
CITY = "5103"
STATES = ["found", "assigned", "rectifying", "rectified", "verified", "closed", "void", "shelved"]
POINTS = (("P-0001", "01-01"), ("P-0002", "12-01"), ("P-0003", "01-02"))
WORDS = ("垃圾桶满溢", "占道经营", "白鹭惊飞，垃圾遍地", "100%_破损", "ABC 广告牌")
SPREAD = """
UPDATE issue SET state = (CAST(:states AS text[]))[1 + id % 8],
       lead_unit = (ARRAY['D-CGJ', 'D-SCJGJ', 'T510303001', NULL])[1 + id % 4],
       assisting_units = CASE id % 9 WHEN 0 THEN ARRAY['T510303001'] WHEN 1 THEN ARRAY['D-CGJ'] ELSE '{}' END,
       due_at = CASE WHEN id % 11 > 0 THEN CAST(:now AS timestamptz) + (id % 30 - 12) * interval '5 hours' END,
       stage_due_at = CAST(:now AS timestamptz) + (id % 20 - 9) * interval '7 hours',
       step = id % 10 - 1, steps_taken = (1 << (id % 10)::int) >> 1, severity = 'S' || 1 + id % 6,
       source = (ARRAY['covert', 'media', 'self_check'])[1 + id % 3], handler = CASE WHEN id % 5 = 0 THEN 'R00006' END,
       closed_at = CASE WHEN id % 8 = 4 THEN CAST(:now AS timestamptz) - (id % 7) * interval '1 day' END,
       found_at = found_at - id % 13 * interval '1 day', found_by = CASE WHEN id % 4 = 1 THEN 'R00018' ELSE found_by END
"""


def a_crowd(session: Session, *, many: int = 96) -> None:
    """So many, over all points, by two finders."""
    several = [
        Finding(WORDS[n % 5], point=POINTS[n % 3][0], standard=POINTS[n % 3][1], address=f"{n}号") for n in range(many)
    ]
    for finder, part in ((INSPECTOR, several[::2]), (OFFICE, several[1::2])):
        issues.find(session, findings=part, by=who(session, finder), now=MONDAY)
    session.connection().execute(text(SPREAD), {"states": STATES, "now": LATER})
    session.expire_all()


def plain(session: Session, holds) -> list[int]:
    """The keys of all issues for which it holds, newest first."""
    rows = sorted(session.exec(select(Issue)), key=lambda issue: -issue.id)
    return [issue.id for issue in rows if holds(issue)]

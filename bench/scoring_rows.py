"""The rows that scores are made from, out of a few real ones: INSERT … SELECT over generate_series in the small city.

Every new issue is a copy of one that came through the services, with two events of its own; its seal does not verify.
Its unit, point, deadline and what became of it follow from its number, as even as a draw.
"""

from sqlalchemy import Engine, text
from sqlmodel import Session

from models.issue import Issue, IssueEvent
from services.bulk import table_of
from tests.cast import MONDAY, an_issue

POINTS, STANDARDS, UNITS, CATEGORIES, GROUPS = 316, 15, 1_100, 44, 7
CHANGED = {
    "id": "1000 + n",
    "number": "'B-' || n",
    "lead_unit": "'U' || lpad((power((n * 7919 % 10007) / 10007.0, 2) * :units)::int % :units || '', 4, '0')",
    "point_code": "'B' || lpad(n * 31 % :points || '', 4, '0')",
    "standard_code": "lpad(n * 31 % :points % :categories + 1 || '', 2, '0')"
    " || '-' || lpad(n % :standards + 1 || '', 2, '0')",
    "version_code": "'CC-2026'",
    "due_at": "timestamptz '2026-01-01' + (n * 365.0 / :issues) * interval '1 day'",
    "found_at": "timestamptz '2025-12-28' + (n * 365.0 / :issues) * interval '1 day'",
    "submitted_at": "timestamptz '2025-12-31' + (n * 365.0 / :issues + (n % 7 = 0)::int * 3) * interval '1 day'",
    "closed_at": "timestamptz '2026-01-02' + (n * 365.0 / :issues + (n % 7 = 0)::int * 3) * interval '1 day'",
    "source": "(ARRAY['covert', 'snapshot', 'self_check', 'media', 'hotline_12345'])[1 + n % 5]",
    "found_level": "(ARRAY['city', 'district', 'street'])[1 + n % 3]",
    "extensions": "(n % 11 = 0)::int",
    "relapses": "(n % 97 = 0)::int",
    "external_ref": "NULL",
}
BEFORE = """
SET session_replication_role = replica;
INSERT INTO unit (code, name, kind, area_code, ranking_group, sample)
  SELECT 'U' || lpad(n || '', 4, '0'), '单位' || n, 'departmental', '5103', 'g' || n % :groups, true
    FROM generate_series(0, :units - 1) n;
INSERT INTO category (code, system_code, name, name_en)
  SELECT lpad(n || '', 2, '0'), 'civilised_city', '类别' || n, '' FROM generate_series(1, :categories) n
  ON CONFLICT DO NOTHING;
INSERT INTO standard (version_code, code, category_code, text, text_en, deduction, kind, check_method, severity, lead,
                      evidence, negative_list)
  SELECT 'CC-2026', lpad(c || '', 2, '0') || '-' || lpad(s || '', 2, '0'), lpad(c || '', 2, '0'), '标准', '', 0.5, '',
         '', 'S3', 'D-CGJ', 'photo', false
    FROM generate_series(1, :categories) c, generate_series(1, :standards) s ON CONFLICT DO NOTHING;
INSERT INTO point (code, name, category_code, area_code, lead_unit, address, closed, sample)
  SELECT 'B' || lpad(n || '', 4, '0'), '点位' || n, lpad(n % :categories + 1 || '', 2, '0'),
         (ARRAY['510302001002', '510303001001'])[1 + n % 2], 'U' || lpad(n % :units || '', 4, '0'), '', false, true
    FROM generate_series(0, :points - 1) n;
INSERT INTO round (number, kind, organiser, area_code, categories, version_code, seed, wanted, on_date, requested_by,
                   created_at, finished_at)
  SELECT 'B-A-' || n, 'mock_evaluation', 'city', '5103', '{}', 'CC-2026', n, :points,
         date '2026-01-05' + (n * 17)::int, 'R00001', '2026-01-01', '2026-12-31' FROM generate_series(1, :rounds) n;
INSERT INTO sheet (round_id, point_code, inspector, position, filled_at)
  SELECT r.id, p.code, 'R00002', 0, '2026-12-31' FROM round r, point p WHERE p.code LIKE 'B%' ORDER BY r.id, p.code;
INSERT INTO observation (sheet_id, standard_code, result, note, facts, observed_at)
  SELECT s.id, t.code, (ARRAY['met', 'met', 'met', 'met', 'not_met', 'met', 'not_applicable'])[1 + (s.id * 7 + k) % 7],
         '', CASE WHEN k % 15 = 0 THEN jsonb_build_object('found', s.id % 6, 'required', 5) ELSE '{}' END, '2026-12-31'
    FROM sheet s JOIN point p ON p.code = s.point_code
    JOIN LATERAL (SELECT code, row_number() OVER (ORDER BY code) AS k FROM standard
                   WHERE category_code = p.category_code ORDER BY code LIMIT :standards) t ON true
   ORDER BY s.id, t.k;
"""
AFTER = ("ANALYZE", "SET session_replication_role = origin")


def fill(engine: Engine, *, issues: int, rounds: int) -> None:
    """So many issues over the year 2026, and rounds of 316 points with 15 observations each."""
    given = {
        "issues": issues,
        "rounds": rounds,
        "points": POINTS,
        "standards": STANDARDS,
        "units": UNITS,
        "categories": CATEGORIES,
        "groups": GROUPS,
    }
    with Session(engine) as session:
        an_issue(session, state="closed", now=MONDAY)
        session.commit()
        for statement in BEFORE.split(";"):
            if statement.strip():
                session.connection().execute(text(statement), given)
        session.connection().execute(text(_issues()), given)
        session.connection().execute(text(_events()), given)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in AFTER:
            connection.execute(text(statement))


def _issues() -> str:
    names = [column.name for column in table_of(Issue).columns]
    values = ", ".join(CHANGED.get(name, f'i."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO issue ({listed}) SELECT {values} FROM issue i, generate_series(1, :issues) n WHERE i.id = 1"


def _events() -> str:
    """The assignment and the check of each, a day apart."""
    names = [column.name for column in table_of(IssueEvent).columns if column.name != "id"]
    changed = {
        "issue_id": "i.id",
        "at": "i.due_at - interval '1 day'",
        "facts": "jsonb_build_object('lead_unit', i.lead_unit)",
        "key": "NULL",
        "step": "NULL",
        "action": "CASE WHEN e.action = 'pass' AND i.id % 9 = 0 THEN 'fail' ELSE e.action END",
    }
    values = ", ".join(changed.get(name, f"e.{name}") for name in names)
    return (
        f"INSERT INTO issue_event ({', '.join(names)}) SELECT {values} FROM issue_event e, issue i"
        " WHERE e.issue_id = 1 AND e.action IN ('assign', 'pass') AND i.id > 1000"
    )

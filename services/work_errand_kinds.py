"""What waits for somebody beside issues, as SQL: one statement for each kind, for a desk as for the morning's list.

Each statement says where a row lies (`area_path`, `unit`, `person` or `post`), who may not be the one to do it
(`against`, and the people of `barred_unit`), when it is due, and since when it waits. Who asks narrows it to what is
theirs; the planner takes the condition inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.errand import ErrandKind
from models.permissions import Right
from models.routing import UNIT_CHAIN
from models.unit import PostKind


class Lies(StrEnum):
    """By which column a row is somebody's."""

    AREA = "area"
    STEERED = "steered"
    UNIT = "unit"
    PERSON = "person"
    POST = "post"


@dataclass(frozen=True)
class Source:
    """One kind. `right`: which it takes, and where it is held; `tell`: the posts that the morning's list tells, all of
    a place or, `in_turn`, the first that is not vacant.
    """

    lies: Lies
    sql: str
    right: Right | None = None
    tell: tuple[PostKind, ...] = ()
    in_turn: bool = False


COLUMNS = ("key", "ref", "name", "due_at", "since", "area_path", "unit", "person", "post", "against", "barred_unit")
_BLANK = {
    **dict.fromkeys(("ref", "name", "area_path", "unit", "person", "post", "barred_unit"), "NULL::text"),
    **dict.fromkeys(("due_at", "since"), "NULL::timestamptz"),
    **{"against": "ARRAY[]::text[]", "detail": "''", "facts": "'{}'::jsonb"},
}


def _of(tables: str, **columns: str) -> str:
    """A statement with all columns, those that are not given empty."""
    return f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in {**_BLANK, **columns}.items())} {tables}"


_LETTER = _of(
    "FROM task_letter l WHERE l.signed_at IS NULL AND l.replaced_at IS NULL",
    **{"key": "l.number", "ref": "l.number", "name": "l.year::text", "unit": "l.unit_code"},
    **{"due_at": "l.sign_due_at", "since": "l.issued_at"},
)
_OPEN_MONTH = "p.kind = 'appraisal' AND p.state = 'draft' AND p.subject = ''"
_UNTIL = "(p.content->>'appeals_until')::timestamptz"
_WINDOW = _of(
    "FROM publication p JOIN area a ON a.code = p.area_code, jsonb_each(p.content->'cases') AS x(unit, cases)"
    " JOIN unit u ON u.code = x.unit"
    f" WHERE {_OPEN_MONTH} AND {_UNTIL} >= :now AND jsonb_array_length(x.cases) > 0",
    **{"key": "p.id || '/' || x.unit", "ref": "to_char(p.period_from, 'YYYY-MM')", "name": "u.name", "unit": "x.unit"},
    **{"due_at": _UNTIL, "since": "p.drafted_at"},
    facts="jsonb_build_object('area', p.area_code, 'unit', x.unit, 'cases', jsonb_array_length(x.cases))",
)
_TOOK_PART = """
ARRAY(SELECT e.actor FROM issue_event e WHERE e.issue_id = i.id AND e.action IN ('find', 'assign', 'pass', 'fail')
         AND e.at <= q.asked_at
      UNION SELECT e.on_behalf_of FROM issue_event e WHERE e.issue_id = i.id AND e.on_behalf_of IS NOT NULL
         AND e.action IN ('find', 'assign', 'pass', 'fail') AND e.at <= q.asked_at
      UNION SELECT one FROM unnest(ARRAY[i.found_by, i.verified_by, i.handler, i.submitted_by, q.asked_by]) AS one
       WHERE one IS NOT NULL)
"""
_APPEAL = _of(
    "FROM appeal q JOIN publication p ON p.area_code = q.area_code AND p.period_from = q.period_from"
    f" AND p.period_to = q.period_to AND {_OPEN_MONTH}"
    " JOIN issue i ON i.id = q.issue_id JOIN unit u ON u.code = q.unit_code JOIN area a ON a.code = q.area_code"
    " WHERE NOT EXISTS (SELECT FROM appeal_decision d WHERE d.appeal_id = q.id)",
    **{"key": "q.id::text", "ref": "i.number", "name": "u.name", "area_path": "a.path", "barred_unit": "q.unit_code"},
    **{"due_at": _UNTIL, "since": "q.asked_at", "against": _TOOK_PART},
)


def _measure(where: str, *, since: str = "m.proposed_at", against: str = "ARRAY[]::text[]") -> str:
    """Nobody decides about their own unit, nor about what they proposed themselves."""
    return _of(
        f"FROM measure m JOIN unit u ON u.code = m.unit_code LEFT JOIN issue i ON i.id = m.issue_id WHERE {where}",
        **{"key": "m.id::text", "ref": "coalesce(nullif(m.paper, ''), i.number, '')", "name": "u.name"},
        **{"area_path": "m.area_path", "barred_unit": "m.unit_code", "since": since, "against": against},
        detail="m.kind",
    )


_HAND = "ARRAY[coalesce(m.proposed_by, '')]"
_APPROVER = (
    "ARRAY[coalesce(m.proposed_by, ''), (SELECT e.who FROM measure_event e WHERE e.measure_id = m.id"
    " AND e.act = 'approve' ORDER BY e.id DESC LIMIT 1)]"
)
_RECHECK = _of(
    "FROM round r JOIN area a ON a.code = r.area_code"
    " JOIN sheet t ON t.round_id = r.id AND t.again_of IS NOT NULL AND t.filled_at IS NOT NULL"
    " JOIN sheet s ON s.id = t.again_of"
    " JOIN observation one ON one.sheet_id = s.id JOIN observation two ON two.sheet_id = t.id"
    " AND two.standard_code = one.standard_code"
    " WHERE r.held AND r.published_at IS NULL AND (one.result, one.facts) IS DISTINCT FROM (two.result, two.facts)"
    " AND :me NOT IN (s.inspector, t.inspector)"
    " AND NOT EXISTS (SELECT FROM round_event e WHERE e.round_id = r.id AND e.act = 'decided'"
    " AND (e.facts->>'first')::bigint = one.id)"
    " GROUP BY r.id, a.path, a.name",
    **{"key": "r.number", "ref": "r.number", "name": "a.name", "area_path": "a.path", "since": "min(t.filled_at)"},
    **{"person": "r.requested_by", "detail": "r.kind"},
    facts="jsonb_build_object('n', count(*), 'organiser', r.organiser)",
)
_WRITER = (
    "ARRAY[(SELECT e.who FROM publication_event e WHERE e.publication_id = p.id AND e.act IN ('drafted', 'changed')"
    " AND e.who <> 'system' ORDER BY e.id DESC LIMIT 1)]"
)
_DECIDED = (
    f"(p.kind <> 'appraisal' OR ({_UNTIL} < :now AND NOT EXISTS (SELECT FROM appeal q WHERE q.area_code = p.area_code"
    " AND q.period_from = p.period_from AND q.period_to = p.period_to"
    " AND NOT EXISTS (SELECT FROM appeal_decision d WHERE d.appeal_id = q.id))))"
)
"""An appraisal is approved once its appeals are over and decided (services/ranking/drafting.py)."""


def _publication(where: str, *, against: str = "ARRAY[]::text[]") -> str:
    return _of(
        f"FROM publication p JOIN area a ON a.code = p.area_code WHERE {where}",
        **{"key": "p.id::text", "ref": "p.subject", "name": "a.name", "area_path": "a.path", "since": "p.drafted_at"},
        **{"detail": "p.kind", "against": against},
        facts="jsonb_build_object('area', p.area_code, 'from', p.period_from, 'to', p.period_to)",
    )


_FILE = _of(
    "FROM filing_item f JOIN unit u ON u.code = f.unit_code WHERE f.state IN ('missing', 'returned') AND NOT f.dropped"
    " AND (f.state = 'returned' OR f.due_at <= :soon)",
    **{"key": "f.id::text", "ref": "f.code", "name": "f.title", "unit": "f.unit_code", "due_at": "f.due_at"},
    **{"detail": "f.state", "facts": "jsonb_build_object('issue', f.issue_id IS NOT NULL)"},
)
_REVIEW = _of(
    "FROM filing_item f JOIN unit u ON u.code = f.unit_code JOIN area a ON a.code = u.area_code"
    " WHERE f.state = 'submitted' AND NOT f.dropped AND (f.reviewer IS NULL OR :me IN (f.reviewer, ''))",
    **{"key": "f.id::text", "ref": "f.code", "name": "f.title", "area_path": "a.path", "since": "f.submitted_at"},
    **{"person": "f.reviewer", "against": "ARRAY[coalesce(f.submitted_by, '')]", "barred_unit": "f.unit_code"},
)
_CLOSES = "((r.closes_on + 1)::timestamp AT TIME ZONE :zone) - interval '1 minute'"
_STILL = """
(SELECT greatest(r.per_place - count(*) FILTER (WHERE y.audience = 'household'), 0)
      + greatest(r.raters - count(*) FILTER (WHERE y.audience = 'rater'), 0) FROM survey_reply y
  WHERE y.place_id = s.id AND NOT EXISTS (SELECT FROM survey_reply newer WHERE newer.corrects = y.id))
"""
_SURVEY = _of(
    "FROM survey_round r JOIN survey_place s ON s.round_id = r.id JOIN area a ON a.code = s.area_code"
    f" CROSS JOIN LATERAL (SELECT {_STILL} AS n) AS wanted"
    " WHERE r.ended_at IS NULL AND :today BETWEEN r.opens_on AND r.closes_on AND wanted.n > 0",
    **{"key": "r.code || '/' || s.id", "ref": "r.code", "name": "a.name", "person": "s.interviewer"},
    **{"due_at": _CLOSES, "since": "r.created_at", "facts": "jsonb_build_object('place', s.id, 'n', wanted.n)"},
)
_PATROL = _of(
    "FROM patrol_duty d JOIN post o ON o.code = d.post_code"
    " WHERE d.done_at IS NULL AND d.missed_at IS NULL AND :today BETWEEN d.starts AND d.ends",
    **{"key": "d.id::text", "name": "o.title", "post": "d.post_code"},
    due_at="((d.ends + 1)::timestamp AT TIME ZONE :zone) - interval '1 minute'",
)
_INSTRUCTION = _of(
    "FROM instruction n JOIN person w ON w.code = n.leader"
    " JOIN LATERAL (SELECT n.leader AS code UNION SELECT t.person_code FROM instruction_person t"
    " WHERE t.instruction_id = n.id) AS reader ON true"
    " WHERE reader.code = :me AND NOT EXISTS (SELECT FROM instruction_event e WHERE e.instruction_id = n.id"
    " AND e.act = 'read' AND e.who = :me)",
    **{"key": "n.id::text", "name": "w.name", "person": "reader.code", "since": "n.recorded_at"},
)

K = ErrandKind
DECIDERS = (PostKind.OFFICE, PostKind.HEADQUARTERS)
LEADERS = (PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER)
SOURCES: Mapping[ErrandKind, Source] = {
    K.INSTRUCTION: Source(Lies.PERSON, _INSTRUCTION),
    K.LETTER: Source(Lies.UNIT, _LETTER, Right.SIGN_TASK_LETTER, LEADERS),
    K.APPEAL_WINDOW: Source(Lies.UNIT, _WINDOW, Right.APPEAL, LEADERS),
    K.APPEAL: Source(Lies.AREA, _APPEAL, Right.DECIDE_APPEAL, DECIDERS),
    K.MEASURE: Source(
        Lies.AREA, _measure("m.state = 'proposed'", against=_HAND), Right.DECIDE_ACCOUNTABILITY, DECIDERS
    ),
    K.SECOND: Source(
        Lies.AREA,
        _measure("m.state = 'seconding'", against=_APPROVER),
        Right.SECOND_PROPOSAL,
        (PostKind.HEADQUARTERS, PostKind.PERFORMANCE_OFFICE),
    ),
    K.REPLY: Source(
        Lies.AREA, _measure("m.state = 'replied'", since="m.replied_at"), Right.DECIDE_ACCOUNTABILITY, DECIDERS
    ),
    K.INTERVIEW: Source(
        Lies.AREA,
        _measure("m.state = 'issued' AND m.kind = 'interview'", since="m.decided_at"),
        Right.DECIDE_ACCOUNTABILITY,
        DECIDERS,
    ),
    K.OUTCOME: Source(
        Lies.AREA,
        _measure("m.state = 'issued' AND m.kind = 'transfer_proposal'", since="m.decided_at"),
        Right.SECOND_PROPOSAL,
        (PostKind.PERFORMANCE_OFFICE,),
    ),
    K.RECHECK: Source(Lies.STEERED, _RECHECK, Right.RECORD_FOR_OTHERS, (PostKind.OFFICE,)),
    K.APPROVE: Source(
        Lies.AREA,
        _publication(f"p.state = 'draft' AND {_DECIDED}", against=_WRITER),
        Right.APPROVE_PUBLICATION,
        DECIDERS,
    ),
    K.PUBLISH: Source(Lies.AREA, _publication("p.state = 'approved'"), Right.PREPARE_PUBLICATION, (PostKind.OFFICE,)),
    K.FILE: Source(Lies.UNIT, _FILE, Right.FILE_MATERIAL, UNIT_CHAIN, in_turn=True),
    K.REVIEW: Source(Lies.AREA, _REVIEW, Right.REVIEW_FILING, (PostKind.VERIFIER,)),
    K.SURVEY: Source(Lies.PERSON, _SURVEY),
    K.PATROL: Source(Lies.POST, _PATROL),
}

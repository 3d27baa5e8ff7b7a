"""What a decision needs to know, read for a whole batch at once: a handful of statements, however many issues."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.calendar import Calendar
from models.city import City
from models.filing import item_of
from models.issue import Evidence, FoundLevel, Issue, Request, RequestKind, RequestState, Source
from models.ladder import CHECK, TRIAGE
from models.lifecycle import Action, State
from models.rules import Rules
from notifications.outbox import STANDS_DOWN_FROM
from services import rulebook
from services.commands import Command, Known
from services.suggesting import suggestions

ENDS = frozenset({Action.CLOSE_OUT, Action.VOID, Action.MERGE})
ROUTED = frozenset({Action.TRIAGE, Action.ASSIGN})
PROVED = frozenset({Action.SUBMIT, Action.CLOSE_OUT})
CHECKED = frozenset({Action.PASS, Action.FAIL, Action.CALL_BACK, Action.LOOK_BACK})
HOLDS = "holds_rules"
"""In a session's notes: the transaction that holds them already."""
NO_WORK: tuple[frozenset[str], int] = (frozenset(), 0)
ASKED = frozenset(a for a in Action if a.value.startswith(("ask_", "grant_", "refuse_")))


@dataclass
class Situation:
    """A batch of locked issues and what is known about each."""

    now: datetime
    issues: dict[int, Issue]
    base: Known
    requests: Mapping[int, Mapping[RequestKind, Request]] = field(default_factory=dict)
    evidence: Mapping[int, frozenset[str]] = field(default_factory=dict)
    no_proof_wanted: frozenset[tuple[str, str]] = frozenset()
    told: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    work: Mapping[int, tuple[frozenset[str], int]] = field(default_factory=dict)
    suggestions: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    duplicates: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    seen: frozenset[tuple[int, str]] = frozenset()
    rules: Mapping[str | None, Rules] = field(default_factory=dict)
    calendars: Mapping[int | None, Calendar] = field(default_factory=dict)

    def rules_and_calendar(self, issue: Issue) -> tuple[Rules, Calendar]:
        """What is frozen on the issue; what holds now where nothing is."""
        return (
            self.rules.get(issue.rule_set_code, self.base.current_rules),
            self.calendars.get(issue.calendar_version, self.base.current_calendar),
        )

    def apart(self, command: Command) -> "Situation":
        """The same with a copy of the command's issue, so that trying it out leaves the others as they are."""
        issue = self.issues.get(command.issue_id or 0)
        return replace(self, issues=self.issues | {issue.id or 0: _record(vars(issue))}) if issue else self

    def known(self, issue: Issue) -> Known:
        """What is known about one issue."""
        key = issue.id or 0
        standard = (issue.version_code or "", issue.standard_code or "")
        rules, calendar = self.rules_and_calendar(issue)
        return Known(
            now=self.now,
            city=self.base.city,
            rules=rules,
            calendar=calendar,
            current_rules=self.base.current_rules,
            current_calendar=self.base.current_calendar,
            requests=self.requests.get(key, {}),
            evidence=self.evidence.get(key, frozenset()),
            evidence_wanted=standard not in self.no_proof_wanted and not item_of(issue),
            told=self.told.get(key, ()),
            workers=self.work.get(key, NO_WORK)[0],
            failed_checks=self.work.get(key, NO_WORK)[1],
            others=self.issues,
            suggestion=self.suggestions.get(key),
            duplicates=self.duplicates.get(key, ()),
        )


def read(
    session: Session, commands: Sequence[Command], *, now: datetime, skip_locked: bool = False, hold: bool = True
) -> Situation:
    """Lock the issues of the commands and read what their decisions need; without `hold` nothing is locked."""
    base = _base(session, now, hold=hold)
    issues = _lock(session, _ids(commands), how=(" FOR UPDATE" + " SKIP LOCKED" * skip_locked) if hold else "")
    wanted = _wanted(commands, issues)
    return Situation(
        now=now,
        issues=issues,
        base=base,
        requests=_requests(session, wanted["requests"]),
        evidence=_evidence(session, wanted["evidence"]),
        no_proof_wanted=_no_proof(session, wanted["evidence"], issues),
        told=_told(session, wanted["told"]),
        work=_work_of(session, wanted["work"]),
        suggestions=suggestions(session, wanted["route"], base.calendar.local(now).date()),
        duplicates=_duplicates(session, wanted["duplicates"]),
        seen=_seen(session, commands),
        rules=rulebook.rules_of(session, (i.rule_set_code for i in issues.values()), base.current_rules),
        calendars=rulebook.calendars_of(session, (i.calendar_version for i in issues.values()), base.current_calendar),
    )


def _ids(commands: Iterable[Command]) -> set[int]:
    """The issues of the commands, and those that they are merged into."""
    named = ((command.issue_id, command.data.get("into")) for command in commands)
    return {key for pair in named for key in pair if isinstance(key, int)}


def _base(session: Session, now: datetime, *, hold: bool) -> Known:
    """Which rules and calendar hold now, and until this transaction ends."""
    if hold:
        hold_rules(session)
    city = session.exec(select(City).execution_options(populate_existing=True)).first() or rulebook.the_city(session)
    rules = rulebook.rules(session, city.rule_set_code or "")
    calendar = rulebook.calendar(session, city.calendar_version or 0)
    return Known(
        now=now, city=city.code, rules=rules, calendar=calendar, current_rules=rules, current_calendar=calendar
    )


def hold_rules(session: Session) -> None:
    """Whoever changes rules or calendar for the whole city waits for those under way, and they for it: otherwise an
    assignment could slip in under the old calendar while a notice is taken in. To be called before any issue is locked.
    """
    if (transaction := session.get_transaction()) and session.info.get(HOLDS) is transaction:
        return
    session.connection().execute(text("SELECT 1 FROM city FOR KEY SHARE"))
    if not session.in_nested_transaction():  # where that is rolled back, the lock goes with it
        session.info[HOLDS] = session.get_transaction()


def _lock(session: Session, ids: Collection[int], *, how: str) -> dict[int, Issue]:
    """Always in the order of ids, so that two batches never wait for each other in a ring."""
    if not ids:
        return {}
    query = text(f"SELECT * FROM issue WHERE id = ANY(:ids) ORDER BY id{how}")
    rows = session.connection().execute(query, {"ids": list(ids)})
    return {row.id: _record(dict(row._mapping)) for row in rows}


def _record(row: dict[str, Any]) -> Issue:
    """A plain record: as a session object every assignment would be tracked and flushed a second time."""
    row["state"], row["source"] = State(row["state"]), Source(row["source"])
    row["found_level"] = FoundLevel(row["found_level"])
    return cast(Issue, SimpleNamespace(**row))


def _wanted(commands: Iterable[Command], issues: Mapping[int, Issue]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for command in commands:
        issue = issues.get(command.issue_id or 0)
        if issue is not None and issue.id is not None:
            for part in _parts(command.action, issue):
                wanted[part].add(issue.id)
    return wanted


def _parts(action: Action, issue: Issue) -> set[str]:
    timed = issue.next_step if action is Action.ESCALATE else None
    parts = set()
    if action in ASKED:
        parts.add("requests")
    if action in PROVED or timed == CHECK:
        parts.add("evidence")
    if action in CHECKED:
        parts.add("work")
    if action in ENDS or timed == CHECK:
        parts.add("told")
    if action in ROUTED or timed == TRIAGE:
        parts.add("route")
    if action is Action.TRIAGE or timed == TRIAGE:
        parts.add("duplicates")
    return parts


def _requests(session: Session, ids: Collection[int]) -> dict[int, dict[RequestKind, Request]]:
    found: dict[int, dict[RequestKind, Request]] = defaultdict(dict)
    if ids:
        query = select(Request).where(col(Request.issue_id).in_(ids), Request.state == RequestState.ASKED)
        for request in session.exec(query):
            found[request.issue_id][request.kind] = request
    return found


def _evidence(session: Session, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The kinds of evidence given in the running cycle of each issue."""
    if not ids:
        return {}
    query = (
        select(col(Evidence.issue_id), col(Evidence.kind))
        .join(Issue, (col(Issue.id) == col(Evidence.issue_id)) & (col(Issue.cycle) == col(Evidence.cycle)))
        .where(col(Evidence.issue_id).in_(ids))
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for issue_id, kind in session.exec(query):
        found[issue_id].add(kind.value)
    return {key: frozenset(kinds) for key, kinds in found.items()}


def _no_proof(session: Session, ids: Collection[int], issues: Mapping[int, Issue]) -> frozenset[tuple[str, str]]:
    """The standards that ask for no evidence, such as a rule about conduct."""
    if not ids:
        return frozenset()
    codes = {issues[key].standard_code for key in ids}
    query = text("SELECT version_code, code FROM standard WHERE evidence = 'none' AND code = ANY(:codes)")
    rows = session.connection().execute(query, {"codes": [code for code in codes if code]})
    return frozenset((version, code) for version, code in rows)


def _work_of(session: Session, ids: Collection[int]) -> dict[int, tuple[frozenset[str], int]]:
    """Who signed in or handed in during the running cycle of each issue, and how many checks failed in it."""
    if not ids:
        return {}
    query = text(
        "SELECT e.issue_id, array_agg(e.actor) FILTER (WHERE e.action <> 'fail'),"
        " count(*) FILTER (WHERE e.action = 'fail')"
        " FROM issue_event e JOIN issue i ON i.id = e.issue_id AND i.cycle = e.cycle"
        " WHERE e.issue_id = ANY(:ids) AND e.action IN ('sign_in', 'submit', 'fail') GROUP BY e.issue_id"
    )
    rows = session.connection().execute(query, {"ids": list(ids)})
    return {key: (frozenset(actors or ()), failed) for key, actors, failed in rows}


def _told(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The posts that were told of an escalation since they last heard that it ended."""
    if not ids:
        return {}
    query = text(
        "SELECT issue_id, post_code FROM message WHERE issue_id = ANY(:ids) AND post_code IS NOT NULL"
        " GROUP BY issue_id, post_code HAVING max(id) FILTER (WHERE kind = ANY(:kinds))"
        "  > coalesce(max(id) FILTER (WHERE kind = 'stand_down'), 0)"
        " ORDER BY issue_id, min(id) FILTER (WHERE kind = ANY(:kinds))"
    )
    found: dict[int, list[str]] = defaultdict(list)
    for issue_id, post in session.connection().execute(query, {"ids": list(ids), "kinds": list(STANDS_DOWN_FROM)}):
        found[issue_id].append(post)
    return {key: tuple(posts) for key, posts in found.items()}


def _duplicates(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Numbers of open issues with the same standard at the same point."""
    if not ids:
        return {}
    query = text(
        "SELECT n.id, o.number FROM issue n JOIN issue o ON o.point_code = n.point_code"
        " AND o.standard_code = n.standard_code AND o.id <> n.id AND o.state <> ALL(:ended)"
        " WHERE n.id = ANY(:ids) ORDER BY o.id"
    )
    ended = [State.CLOSED.value, State.VOID.value]
    found: dict[int, list[str]] = defaultdict(list)
    for key, number in session.connection().execute(query, {"ids": list(ids), "ended": ended}):
        found[key].append(number)
    return {key: tuple(numbers) for key, numbers in found.items()}


def _seen(session: Session, commands: Iterable[Command]) -> frozenset[tuple[int, str]]:
    if not (keys := [(c.issue_id, c.key) for c in commands if c.key and c.issue_id]):
        return frozenset()
    query = text(
        "SELECT e.issue_id, e.key FROM issue_event e"
        " JOIN unnest(CAST(:ids AS bigint[]), CAST(:keys AS text[])) AS k(id, key)"
        " ON k.id = e.issue_id AND k.key = e.key"
    )
    rows = session.connection().execute(query, {"ids": [i for i, _ in keys], "keys": [k for _, k in keys]})
    return frozenset((issue_id, key) for issue_id, key in rows)

"""Rules: readable, every step reachable, every name in them known, somebody there to be told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from models import same_fault
from models.closing import CONDITIONS
from models.errors import DubanError
from models.issue import Source
from models.rules import Rules, StageStep, Step, parse_rules
from models.unit import UNIT_POSTS, ChannelClass, PostKind
from services.cities.finding import Finding, Level, finding
from services.cities.lint_policy import lint_settings
from services.cities.lint_posts import LEVELS
from services.cities.pack import Pack
from services.flag_rules import Thresholds

LADDER, CLOSEOUT = "rules/ladder.toml", "rules/closeout.toml"
STARTS = ("assigned", "sign_in_due", "share", "due")
PAPERS = frozenset(
    {
        "assignment_slip",
        "sign_in_reminder",
        "due_warning",
        "overdue_notice",
        "reminder_notice",
        "supervision_order_1",
        "supervision_order_2",
        "supervision_order_3",
        "interview_notice",
        "accountability_proposal",
        "assignment_late",
        "look_back_due",
        "verification_late",
        "close_out_late",
        "milestone_due",
    }
)


def lint_rules(pack: Pack, today: date) -> Iterator[Finding]:
    """Everything about rules/*.toml; the names are looked up only when every value is of its kind."""
    settings = list(lint_settings(pack))
    yield from settings
    if any(one.level is Level.ERROR for one in settings):
        return
    try:
        rules = parse_rules("pack", pack.rules)
        _ = rules.assign_within, Thresholds.of(rules.policy)
        _ = [rules.offset(step, severity=severity) for step in _all_steps(rules) for severity in rules.speeds]
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, DubanError) as error:
        yield finding("rules_refused", "rules", why=f"{type(error).__name__}: {error}")
        return
    yield from _steps(rules)
    yield from _names(rules, pack.rules["ladder"])
    yield from _close_out(rules)
    yield from _reach(rules, pack, today)


def _steps(rules: Rules) -> Iterator[Finding]:
    before: Step | None = None
    for position, step in enumerate(rules.ladder):
        why = _never(step, position, before)
        if why:
            yield finding("unreachable_step", LADDER, step=step.code, why=why)
        before = step
    codes = [stage.code for stage in _all_steps(rules)]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield finding("duplicate_code", LADDER, code=code)


def _never(step: Step, position: int, before: Step | None) -> str | None:
    """Why a step does not come in its turn; None when it does."""
    if step.code != f"E{position}":
        return f"E{position} is expected here"
    if step.start not in STARTS:
        return f"“{step.start}” is none of {', '.join(STARTS)}"
    if step.start == "share" and not 0 < step.share < 1:
        return "its share must lie between 0 and 1"
    if (step.start == "assigned") != (position == 0):
        return "the first step, and no other, comes with the assignment"
    if before is None or before.start not in STARTS:
        return None
    if STARTS.index(before.start) > STARTS.index(step.start):
        return f"it starts from “{step.start}”, after {before.code} has started from “{before.start}”"
    same = before.start == step.start != "share" and before.offset.clock == step.offset.clock
    if same and before.offset.amount >= step.offset.amount:
        return f"its offset is not after that of {before.code}"
    if before.level < step.level:
        return f"its level {step.level} lies below level {before.level} of {before.code}"
    return None


def _names(rules: Rules, written: Mapping[str, Any]) -> Iterator[Finding]:
    enclosed = [(row["code"], paper) for row in written["step"] for paper in row.get("enclosed", ())]
    for step in _all_steps(rules):
        papers = [step.paper, *(paper for code, paper in enclosed if code == step.code)]
        for paper in papers:
            if paper not in PAPERS:
                yield finding("unknown_paper", LADDER, step=step.code, paper=paper)
        for channel in step.channels:
            if channel not in set(ChannelClass):
                yield finding("unknown_channel", LADDER, step=step.code, channel=channel)
        for reference in _references(step):
            if not _is_reference(reference):
                yield finding("unknown_post_reference", LADDER, step=step.code, reference=reference)
    named = [*rules.speeds, *(severity for step in rules.ladder for severity in step.copied_for)]
    yield from _severities(rules, LADDER, named)


def _severities(rules: Rules, file: str, named: Iterable[str]) -> Iterator[Finding]:
    for severity in dict.fromkeys(named):
        if severity not in rules.severities:
            yield finding("unknown_severity", file, severity=severity)


def _all_steps(rules: Rules) -> list[Step | StageStep]:
    return [*rules.ladder, *rules.stages]


def _references(step: Step | StageStep) -> Iterator[str]:
    yield from step.posts if isinstance(step, StageStep) else (*step.territorial, *step.departmental, *step.copied)


def _is_reference(reference: str) -> bool:
    owner, _, kind = reference.partition(".")
    if kind not in set(PostKind):
        return False
    post = PostKind(kind)
    if owner == "unit":
        return post in UNIT_POSTS
    if owner in ("issue", "point"):
        return post is (PostKind.HANDLER if owner == "issue" else PostKind.SPONSOR_LEADER)
    if owner not in {"L1", "L2", "L3", "L4", "L5"}:
        return False
    # The city itself has no unit: its departments are its units.
    return int(owner[1]) > 1 if post in UNIT_POSTS else int(owner[1]) in LEVELS.get(post, ())


def _close_out(rules: Rules) -> Iterator[Finding]:
    for condition in rules.close_out:
        if condition["code"] not in CONDITIONS:
            yield finding("unknown_condition", CLOSEOUT, condition=condition["code"])
    for part in (*rules.close_out, *same_fault.lines(rules)):
        yield from _severities(rules, CLOSEOUT, part.get("severities", ()))
        for source in part.get("sources", ()):
            if source not in set(Source):
                yield finding("unknown_source", CLOSEOUT, source=source)


def _reach(rules: Rules, pack: Pack, today: date) -> Iterator[Finding]:
    """Whether anybody at all stands behind each reference, and has an address that was tried."""
    posts = _posts_by_reference(pack)
    reachable = {contact.person_code for contact in pack.contacts if contact.verified}
    with_contact = {t.post_code for t in pack.tenures if t.holds_on(today) and t.person_code in reachable}
    for step in _all_steps(rules):
        for reference in filter(_is_reference, _references(step)):
            known = posts.get("unit.handler" if reference == "issue.handler" else reference, [])
            if not known:
                yield finding("level_without_post", LADDER, step=step.code, reference=reference)
            elif not with_contact.intersection(known):
                yield finding("level_without_contact", LADDER, step=step.code, reference=reference)


def _posts_by_reference(pack: Pack) -> dict[str, list[str]]:
    """All posts that each reference may mean: `L3.deputy_leader` those of the units of every street."""
    levels = {area.code: f"L{area.level}" for area in pack.areas}
    found: dict[str, list[str]] = {}
    for post in pack.posts:
        owners = [post.owner_kind.value, levels.get(post.owner_code)]
        if post.owner_code.startswith("T"):
            owners.append(levels.get(post.owner_code[1:]))
        for owner in owners:
            found.setdefault(f"{owner}.{post.kind}", []).append(post.code)
    return found

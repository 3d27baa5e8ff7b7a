"""What administrators may write into rules/*.toml: each value of the kind and within the bounds of its setting.

What is refused here would make something raise, misbehave or fall silent later, often at night. A name that nothing
reads is a warning: an older pack may have it. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Any

from models.accountability import MeasureKind
from models.accountability_rules import When
from models.same_fault import CONDITION, KEYS
from models.unit import PostKind
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.cities.setting_kinds import TABLE, TABLES, Kind, shown
from services.cities.setting_lines import Path, line_of, lines_of
from services.cities.setting_tables import CLOSEOUT, LADDER, SEVERITIES, Group, Rows, policy
from services.cities.writing import rules_bytes
from services.flag_rules import Thresholds

NOTHING = "–"
LONGEST_QUIET = timedelta(hours=12)


@dataclass(frozen=True)
class Wrong:
    """A value that cannot be used; `setting` as people read it, `path` as the file has it."""

    setting: str
    path: Path
    value: str
    expected: str


@dataclass(frozen=True)
class Unknown:
    """A name that nothing reads, and those that something would."""

    setting: str
    path: Path
    known: str


Problem = Wrong | Unknown


def lint_settings(pack: Pack) -> Iterator[Finding]:
    """Every value of the four files of rules that cannot be used, and every name that nothing reads."""
    severities = tuple(pack.rules["severities"])
    shapes = {"severities": SEVERITIES, "ladder": LADDER, "closeout": CLOSEOUT, "policy": policy(severities)}
    for name, shape in shapes.items():
        problems = list(_table(pack.rules[name], shape, "", ()))
        if not any(isinstance(one, Wrong) for one in problems):
            problems += _TOGETHER[name](pack.rules[name])
        lines = lines_of(rules_bytes(pack, name).decode("utf-8-sig")) if problems else {}
        for one in problems:
            yield _finding(one, f"rules/{name}.toml", line_of(lines, one.path))


def _finding(one: Problem, file: str, row: int) -> Finding:
    if isinstance(one, Unknown):
        return finding("unknown_setting", file, row, setting=one.setting, known=one.known)
    return finding("wrong_setting", file, row, setting=one.setting, value=one.value, expected=one.expected)


def _table(written: Mapping[str, Any], shape: Group, called: str, path: Path) -> Iterator[Problem]:
    if not written and shape.optional:
        return
    for name in shape.needed:
        if name not in written:
            yield Wrong(_join(called, name), (*path, name), NOTHING, _expected(shape.names[name]))
    for name, value in written.items():
        setting, where = _join(called, name), (*path, name)
        if name in shape.names:
            yield from _value(value, shape.names[name], setting, where)
        elif shape.others and (shape.strict or isinstance(value, Mapping)):
            yield from _value(value, shape.others, setting, where)
        else:
            yield Unknown(shown(setting), where, _nearest(name, shape))


def _value(value: Any, shape: Kind | Group | Rows, setting: str, path: Path) -> Iterator[Problem]:
    kind = TABLE if isinstance(shape, Group) else TABLES if isinstance(shape, Rows) else shape
    if not kind.fits(value):
        yield Wrong(shown(setting), path, shown(value), kind.expected)
    elif isinstance(shape, Group):
        yield from _table(value, shape, setting, path)
    elif isinstance(shape, Rows):
        yield from _rows(value, shape, setting, path)


def _rows(rows: list[Mapping[str, Any]], shape: Rows, setting: str, path: Path) -> Iterator[Problem]:
    if not shape.least <= len(rows) <= shape.most:
        yield Wrong(setting, path, f"{len(rows)}", f"{shape.least} to {shape.most} tables")
    for nth, row in enumerate(rows):
        yield from _table(row, shape.row, _called(setting, row, nth), (*path, nth))


def _called(setting: str, row: Mapping[str, Any], nth: int) -> str:
    code = row.get("code")
    return _join(setting, shown(code) if isinstance(code, str) and code else str(nth + 1))


def _join(called: str, name: str) -> str:
    return f"{called}.{name}" if called else name


def _expected(shape: Kind | Group | Rows) -> str:
    return shape.expected if isinstance(shape, Kind) else (TABLE if isinstance(shape, Group) else TABLES).expected


def _nearest(name: str, shape: Group) -> str:
    """The names that are like this one; where none is, all."""
    return ", ".join(get_close_matches(name, shape.names, n=2, cutoff=0.6) or shape.names) or NOTHING


# What several settings must be together


def _severities_together(written: Mapping[str, Any]) -> Iterator[Problem]:
    if not written:
        yield Wrong("severities", (), NOTHING, "at least one severity")


def _ladder_together(written: Mapping[str, Any]) -> Iterator[Problem]:
    """A step that tells nobody would be a step that nobody misses."""
    for nth, step in enumerate(written["step"]):
        if not step.get("territorial") and not step.get("departmental"):
            setting = f"{_called('step', step, nth)}.territorial"
            yield Wrong(setting, ("step", nth, "territorial"), NOTHING, "at least one post, here or in departmental")


def _close_out_together(written: Mapping[str, Any]) -> Iterator[Problem]:
    for nth, row in enumerate(written["condition"]):
        called, path = _called("condition", row, nth), ("condition", nth, "sheets")
        if "sheets" in row and row["code"] != CONDITION:
            yield Unknown(f"{called}.sheets", path, f"condition.{CONDITION}.sheets")
        for line, sheets in enumerate(row.get("sheets", ())):
            if not any(sheets.get(key) for key in KEYS):
                yield Wrong(f"{called}.sheets.{line + 1}", (*path, line), NOTHING, f"one of: {', '.join(KEYS)}")


def _policy_together(written: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _quiet(written.get("quiet_hours") or {})
    back = written.get("look_back") or {}
    if back and back.get("to_days", back["from_days"]) < back["from_days"]:
        yield Wrong("look_back.to_days", ("look_back", "to_days"), shown(back["to_days"]), "from_days or more")
    yield from _bits(written.get("evidence") or {})
    yield from _measures(written.get("accountability") or {})


def _quiet(hours: Mapping[str, Any]) -> Iterator[Problem]:
    """Longer than half a day, what waits for the morning would miss the day."""
    if not hours:
        return
    start, end = (_since_midnight(time.fromisoformat(hours[name])) for name in ("from", "to"))
    if not timedelta(0) < (end - start) % timedelta(days=1) <= LONGEST_QUIET:
        yield Wrong("quiet_hours.to", ("quiet_hours", "to"), shown(hours["to"]), "at most 12 hours after “from”")


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)


def _bits(given: Mapping[str, Any]) -> Iterator[Problem]:
    similar = given.get("similar_bits", Thresholds.similar_bits)
    if given.get("same_view_bits", Thresholds.same_view_bits) > similar:
        value = shown(given.get("same_view_bits", Thresholds.same_view_bits))
        yield Wrong("evidence.same_view_bits", ("evidence", "same_view_bits"), value, "at most similar_bits")


def _measures(given: Mapping[str, Any]) -> Iterator[Problem]:
    """A rule whose code another one has would keep still for it; a step that is not said never comes."""
    seen: set[str] = set()
    for nth, rule in enumerate(given.get("rule", ())):
        called, path = _called("accountability.rule", rule, nth), ("accountability", "rule", nth)
        if rule["code"] in seen:
            yield Wrong(f"{called}.code", (*path, "code"), rule["code"], "a code that no other rule has")
        seen.add(rule["code"])
        if rule["when"] == When.STEP and not rule.get("step"):
            yield Wrong(f"{called}.step", (*path, "step"), NOTHING, "a step of the ladder, such as E7")
        if (rule["when"] == When.ORDER) != (rule["propose"] == MeasureKind.ORDER):
            expected = f"{MeasureKind.ORDER} with {When.ORDER}, and only there"
            yield Wrong(f"{called}.propose", (*path, "propose"), rule["propose"], expected)
    yield from _late_replies(given)


def _late_replies(given: Mapping[str, Any]) -> Iterator[Problem]:
    """A post that cannot be understood would stop the round that tells it."""
    for nth, row in enumerate(given.get("late_reply", ())):
        for post in row["posts"]:
            if not POST.fullmatch(post) or post.split(".")[1] not in tuple(PostKind):
                path = ("accountability", "late_reply", nth, "posts")
                yield Wrong(
                    f"accountability.late_reply.{nth + 1}.posts", path, post, "such as unit.deputy_leader, L2.office"
                )


POST = re.compile(r"(?:unit|L[1-5])\.[a-z_]+")
_TOGETHER = {
    "severities": _severities_together,
    "ladder": _ladder_together,
    "closeout": _close_out_together,
    "policy": _policy_together,
}

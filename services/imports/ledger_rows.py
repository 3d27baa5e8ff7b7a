"""One row of a problem ledger: its cells as values, and whether they make sense together. Source: domain 9d."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.issue import FoundLevel, Source
from models.lifecycle import State
from models.rules import Rules
from services.exports.columns import LEDGER
from services.exports.register import Edition, Register
from services.exports.words import (
    FOUND_LEVELS,
    LOOK_BACK_RESULTS,
    REPLIED,
    SATISFACTION,
    SOURCES,
    STATES,
    SYSTEM_WORD,
)
from services.imports import cells, times
from services.imports.cells import Complaints, NotThat, Reader
from services.imports.workbook import Line

BY_FIELD = {column.field: column for column in LEDGER}
LONGEST = 2000
WORKING = ("lead_unit", "assigned_at")
NEEDS: Mapping[State, tuple[str, ...]] = {
    State.FOUND: (),
    State.ASSIGNED: WORKING,
    State.RECTIFYING: WORKING,
    State.RECTIFIED: (*WORKING, "submitted_at"),
    State.VERIFIED: (*WORKING, "submitted_at", "verified_by", "verified_at"),
    State.CLOSED: ("lead_unit", "closed_at"),
    State.SHELVED: WORKING,
    State.VOID: (),
}
"""What a row must say to stand in a state: without it the clocks could not run on."""
HAPPENED = ("assigned_at", "signed_in_at", "submitted_at", "verified_at", "look_back_at", "closed_at")
DONE = (State.RECTIFIED, State.VERIFIED, State.CLOSED)
ORDER = (
    # later, earlier, in which states (a reopened issue keeps the times of its first life)
    ("signed_in_at", "assigned_at", tuple(State)),
    ("original_due_at", "assigned_at", tuple(State)),
    ("submitted_at", "assigned_at", DONE),
    ("verified_at", "submitted_at", (State.VERIFIED, State.CLOSED)),
    ("closed_at", "verified_at", (State.CLOSED,)),
    ("closed_at", "submitted_at", (State.CLOSED,)),
)
NOT_OF_A_FINDING = (*HAPPENED, "original_due_at", "due_at", "step", "orders")
NEW = (None, State.FOUND)
_PHOTO = re.compile(r"[0-9a-f]{64}")
_VERSIONED = re.compile(r"(?:(\S+)\s+)?(\S+)")
_STEP = re.compile(r"(E\d)\b.*", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """A row that can be used. `path` is that of its area."""

    line: Line
    values: Mapping[str, Any]
    edition: Edition | None
    area: str
    path: str


def readers_for(register: Register, rules: Rules) -> dict[str, Reader]:
    """How each column is read."""
    person = cells.known(register.persons, "a person")
    unit = cells.known(register.units, "a unit")
    return {
        **dict.fromkeys((*HAPPENED, "found_at", "original_due_at", "due_at"), times.local_time),
        **dict.fromkeys(("extensions", "rework", "returns", "sweep_checked", "sweep_found"), cells.whole),
        **dict.fromkeys(("round", "address", "measure", "result", "verdict", "return_reasons", "remark"), cells.text),
        "number": cells.code_text,
        "description": _description,
        "source": cells.one_of(Source, SOURCES),
        "found_level": cells.one_of(FoundLevel, FOUND_LEVELS),
        "found_by": person,
        "category": cells.known(register.categories, "a category"),
        "standard": _standard,
        "point": cells.known_code(register.points, "a point"),
        "area": cells.known_code(register.areas, "an area"),
        "lng": cells.between(-180, 180),
        "lat": cells.between(-90, 90),
        "before": cells.several(_photo),
        "severity": cells.word_of({code: rule.name for code, rule in rules.severities.items()}),
        "deduction": cells.points_off,
        "lead_unit": unit,
        "assisting": cells.several(unit),
        "limit": times.limit,
        "after": cells.several(_photo),
        "verified_by": person,
        "step": _step_reader(rules),
        "orders": cells.several(_order),
        "leader_assigned": cells.yes_no,
        "satisfaction": cells.word_of(SATISFACTION),
        "look_back_result": cells.word_of(LOOK_BACK_RESULTS),
        "closed_by": lambda cell: "system" if cell in (SYSTEM_WORD, "system") else person(cell),
        "state": cells.one_of(State, STATES),
    }


def _description(cell: Any) -> str:
    written = cells.text(cell)
    if len(written) > LONGEST:
        raise NotThat(f"at most {LONGEST} characters")
    return written


def _standard(cell: Any) -> tuple[str | None, str]:
    found = _VERSIONED.fullmatch(cells.code_text(cell))
    if not found:
        raise NotThat("a standard's code such as 12-03, with its version before it where it is not the newest")
    return found[1], found[2]


def _photo(cell: Any) -> str:
    written = cells.code_text(cell).casefold()
    if not _PHOTO.fullmatch(written):
        raise NotThat("the SHA-256 of each photo, one a line, or nothing")
    return written


def _step_reader(rules: Rules) -> Reader:
    steps = {step.code for step in rules.ladder}
    names = {step.name: step.code for step in rules.ladder}

    def read(cell: Any) -> str:
        written = cells.code_text(cell)
        found = _STEP.fullmatch(written)
        code = names.get(written) or (found[1] if found else None)
        if code not in steps:
            raise NotThat("a step of the ladder: " + ", ".join(sorted(steps)))
        return str(code)

    return read


def _order(cell: Any) -> tuple[str, bool]:
    written = cells.text(cell)
    return written.removesuffix(REPLIED), written.endswith(REPLIED)


def read_entry(
    line: Line, *, readers: Mapping[str, Reader], register: Register, now: datetime, complaints: Complaints
) -> Entry | None:
    """The row as an entry; None, and complaints, where it cannot be used."""
    before = len(complaints.found)
    values = cells.read_cells(line, readers, complaints)
    if values.get("due_at") == values.get("original_due_at"):
        values.pop("due_at", None)
    edition = _edition(line, values, register, now, complaints)
    area = _area(line, values, register, complaints)
    if "description" not in line.cells:
        complaints.add(line, "description", "a description of the problem")
    if len(complaints.found) > before or area is None:
        return None
    if edition:
        values["standard"] = (edition.version, edition.code)
    return Entry(line, values, edition, area, register.areas[area].path)


def _edition(
    line: Line, values: Mapping[str, Any], register: Register, now: datetime, complaints: Complaints
) -> Edition | None:
    if "standard" not in values:
        return None
    version, code = values["standard"]
    day = (values.get("found_at") or register.local(now)).date()
    edition = register.edition(code, on=day, version=version)
    if edition is None:
        complaints.add(line, "standard", "the code of a standard that exists, such as 12-03")
    elif values.get("category", edition.category) != edition.category:
        complaints.add(line, "category", f"{edition.category}, the category of standard {code}")
    return edition


def _area(line: Line, values: Mapping[str, Any], register: Register, complaints: Complaints) -> str | None:
    """Where it is: the area given, else that of the point. They must lie on one branch of the tree."""
    point = register.points.get(values.get("point", ""))
    given = values.get("area")
    if given is None and point is None:
        if "area" not in line.cells and "point" not in line.cells:
            complaints.add(line, "area", "the code of an area, or a point")
        return None
    if given and point and not _one_branch(register, given, point.area_code):
        complaints.add(line, "area", f"an area on the branch of point {point.code}: {point.area_code}")
    return str(given or (point.area_code if point else ""))


def _one_branch(register: Register, one: str, other: str) -> bool:
    paths = sorted((f"{register.areas[code].path}/" for code in (one, other)), key=len)
    return paths[1].startswith(paths[0])


def check_new(entry: Entry, *, register: Register, now: datetime, complaints: Complaints) -> None:
    """Whether a row that is not in the database yet may come in: complete for its state, times in order."""
    if "source" not in entry.values:
        complaints.add(entry.line, "source", "how it was found, such as 暗访")
    if "number" in entry.values:
        _check_taken_over(entry, complaints)
    else:
        _check_finding(entry, complaints)
    _check_times(entry, register.local(now), complaints)


def _check_taken_over(entry: Entry, complaints: Complaints) -> None:
    state = entry.values.get("state")
    if state is None:
        complaints.add(entry.line, "state", "a state, since the row has a number")
        return
    for name in ("found_at", *NEEDS[state]):
        if name not in entry.values:
            complaints.add(entry.line, name, f"a value while the state is {STATES[state]}")


def _check_finding(entry: Entry, complaints: Complaints) -> None:
    state = entry.values.get("state")
    if state not in NEW:
        complaints.add(entry.line, "state", f"{STATES[State.FOUND]} or nothing; any other state needs a number")
        return
    for name in NOT_OF_A_FINDING:
        if name in entry.values:
            complaints.add(entry.line, name, "nothing: a row without a number is a new finding")


def _check_times(entry: Entry, now: datetime, complaints: Complaints) -> None:
    values, state = entry.values, entry.values.get("state", State.FOUND)
    for name in ("found_at", *HAPPENED):
        if name in values and values[name] > now:
            complaints.add(entry.line, name, "a time that is not in the future")
    for name in HAPPENED:
        if name in values and "found_at" in values and values[name] < values["found_at"]:
            complaints.add(entry.line, name, f"not before {BY_FIELD['found_at'].zh} {values['found_at']}")
    for later, earlier, states in ORDER:
        if state in states and later in values and earlier in values and values[later] < values[earlier]:
            complaints.add(entry.line, later, f"not before {BY_FIELD[earlier].zh} {values[earlier]}")

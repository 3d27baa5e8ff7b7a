"""One issue as the model has it, and who may do what to it from which state. Source: design 4."""

from dataclasses import dataclass, field
from typing import Any

OPEN = {"found", "assigned", "rectifying", "rectified", "verified", "shelved"}
RUNNING = {"assigned", "rectifying"}
UNIT, OFFICE = "handler unit_leader", "dispatcher supervisor"
DECIDERS = OFFICE + " leader"
EVERYBODY = "reporter inspector assistant verifier leader administrator " + UNIT + " " + OFFICE
# action: from, who. `system` acts with no post. Source: design 4.
TABLE = {
    "assign": ({"found"}, "dispatcher system"),
    "merge": ({"found"}, "dispatcher"),
    "void": ({"found"}, OFFICE),
    "sign_in": ({"assigned"}, UNIT),
    "return": ({"assigned"}, UNIT),
    "ask_return": ({"rectifying"}, UNIT),
    "grant_return": ({"rectifying"}, OFFICE),
    "refuse_return": ({"rectifying"}, OFFICE),
    "submit": ({"rectifying"}, UNIT),
    "pass": ({"rectified"}, "verifier"),
    "fail": ({"rectified"}, "verifier"),
    "close_out": ({"verified"}, "dispatcher system"),
    "dispute": ({"verified"}, "reporter " + OFFICE),
    "reopen": ({"closed"}, OFFICE),
    "relapse": ({"closed"}, "inspector verifier " + OFFICE),
    "look_back": ({"closed"}, "inspector verifier"),
    "ask_extension": (RUNNING, UNIT),
    "grant_extension": (RUNNING, DECIDERS),
    "refuse_extension": (RUNNING, DECIDERS),
    "ask_shelving": ({"rectifying"}, UNIT),
    "grant_shelving": ({"rectifying"}, DECIDERS),
    "refuse_shelving": ({"rectifying"}, DECIDERS),
    "resume": ({"shelved"}, UNIT + " system " + OFFICE),
    "call_back": ({"rectified", "verified", "closed"}, "reporter dispatcher"),
    "report_sweep": ({"rectifying", "rectified", "verified"}, UNIT),
    "waive_sweep": ({"rectifying", "rectified", "verified"}, OFFICE),
    "reply_order": (OPEN - {"found"}, UNIT),
    "comment": (OPEN | {"closed", "void"}, EVERYBODY),
    "attach": (OPEN, "reporter inspector verifier assistant " + UNIT + " " + OFFICE),
    "unreachable": (OPEN | {"closed", "void"}, "system"),
    "reapply_rules": (RUNNING, "administrator " + OFFICE),
    "mark_leader": (OPEN, OFFICE),
    "unmark_leader": (OPEN, OFFICE),
}
LOOKED_AT_AGAIN = {"attach", "call_back", "report_sweep", "waive_sweep", "reply_order"}
SILENT = {"sign_in", "comment", "attach", "report_sweep", "waive_sweep"} | {
    *("call_back", "look_back", "unreachable", "triage", "mark_leader", "unmark_leader")
}


class Refusal(Exception):
    """The answer is no."""


def need(condition: object, why: str = "") -> None:
    if not condition:
        raise Refusal(why)


@dataclass
class Thing:
    """One issue."""

    key: int
    found_by: str
    point: str
    path: str
    standard: str
    source: str
    severity: str
    proof: bool
    suggestion: str
    state: str = "found"
    cycle: int = 1
    unit: str | None = None
    assisting: tuple[str, ...] = ()
    handler: str | None = None
    submitted_by: str | None = None
    verified_by: str | None = None
    workers: set[str] = field(default_factory=set)
    fails: int = 0
    rework: int = 0
    returns: int = 0
    rules: str | None = None
    calendar: int | None = None
    steps: set[int] = field(default_factory=set)
    stage_steps: set[str] = field(default_factory=set)
    assigned: Any = None
    sign_in_due: Any = None
    started: Any = None
    half: bool = False
    granted: int = 0
    due: Any = None
    provisional: bool = False
    stage_due: Any = None
    stage_start: Any = None
    shelved: Any = None
    remaining: int = 0
    closed: Any = None
    extensions: int = 0
    orders: int = 0
    sweep: bool = False
    swept: bool = False
    relapses: int = 0
    photo: bool = False
    leader: bool = False
    satisfaction: str | None = None
    draw_is_open: bool = False
    look: Any = None
    asked: dict[str, Any] = field(default_factory=dict)
    trail: list[tuple[str, str | None, bool]] = field(default_factory=list)

    @property
    def step(self) -> int:
        return max(self.steps, default=-1)

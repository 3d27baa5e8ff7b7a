"""What a move means: which action, by whom, with what. Numbers become commands by how the issues stand."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.properties.model import TABLE, Thing, World
from tests.properties.naive_time import ONE_DAY
from tests.small_city import NAMES

UNITS = ("D-CGJ", "D-SCJGJ", "T510302001", "T510302001002", "T510303001")
GAPS = (0, 0, 0, 0, 7, 55, 180, 24 * 60, 3 * 24 * 60 + 17, 11 * 24 * 60)
"""Minutes between two moves."""
DOES = {
    "assign": "dispatcher",
    "grant_shelving": "dispatcher",
    "close_out": "dispatcher",
    "pass": "verifier",
    "fail": "verifier",
}
"""Whose work an action is; of all others, the handler's."""
WAYS = (
    "",
    "assign",
    "assign sign_in",
    "assign sign_in submit",
    "assign sign_in submit pass",
    "assign sign_in submit pass close_out",
    "assign return assign return assign",
    "assign sign_in ask_extension submit fail",
    "assign sign_in ask_shelving grant_shelving",
    "assign sign_in submit fail submit",
)
"""How far an issue has come when a walk begins."""
FORWARD = {
    "found": ["assign"],
    "assigned": ["sign_in", "sign_in", "return"],
    "rectifying": ["submit", "ask_shelving", "ask_extension"],
    "rectified": ["pass", "fail", "pass"],
    "verified": ["close_out", "dispute", "call_back"],
    "closed": ["relapse", "reopen", "relapse"],
    "shelved": ["resume"],
    "void": ["comment"],
}
REASON = {"reason": "说明"}
WORDS: dict[str, dict[str, Any]] = {
    **{action: REASON for action in TABLE if action.startswith(("ask_", "refuse_"))},
    **dict.fromkeys(("void", "return", "fail", "dispute", "reopen", "relapse", "waive_sweep", "unmark_leader"), REASON),
    "comment": {"text": "请抓紧"},
    "reply_order": {"reply": "已整改"},
    "report_sweep": {"checked": 3},
    "submit": {"result": "已清理"},
}
AMOUNTS = ("2 working_days", "0.5 working_days", "1 working_days", "9 working_days", "1 natural_days")


class Move(NamedTuple):
    """What happens, to which issue, by whom, with what, and how long after the move before."""

    what: int
    which: int
    who: int
    how: int
    gap: int


def wanted(thing: Thing, move: Move) -> str:
    """Mostly what brings it on, often what is possible, sometimes anything."""
    if move.what < 36:
        steps = [*FORWARD[thing.state], *(f"grant_{kind}" for kind in thing.asked for _ in range(2))]
        return steps[move.what % len(steps)]
    possible = [action for action, (states, _) in TABLE.items() if thing.state in states]
    return possible[move.what % len(possible)] if move.what < 67 else list(TABLE)[move.how % len(TABLE)]


def somebody(world: World, action: str, thing: Thing, move: Move) -> str:
    """Mostly somebody who may; with pleasure somebody who may but for having worked on it."""
    may = [who for who in (*NAMES, "system") if {*TABLE[action][1].split()} & world.roles(who, thing)]
    partial = [who for who in may if who in thing.workers]
    if action in ("pass", "fail") and partial and move.how % 2:
        return partial[0]
    everybody = may if may and move.who < 80 else [*NAMES, "system"]
    return everybody[move.who % len(everybody)]


def with_what(action: str, how: int, *, now: dt.datetime, keys: Sequence[int]) -> dict[str, Any]:
    """What is said with the action, in the model's words."""
    return {
        "assign": {
            "to": (None, UNITS[0], None, *UNITS[1:])[how % 7],
            "severity": (None, None, None, None, "S1", "S4")[how % 6],
            "assisting": [UNITS[how % 5]] if how % 8 == 0 else None,
            "sweep": True if how % 11 == 0 else None,
        },
        "merge": {"into": keys[how % len(keys)]},
        "submit": {"photo": how % 8 != 5},
        "attach": {"kind": ("after", "other")[how % 2]},
        "call_back": {"answer": ("satisfied", "dissatisfied", "fairly_satisfied")[how % 3]},
        "ask_extension": {"amount": AMOUNTS[how % len(AMOUNTS)]},
        "grant_extension": {"amount": (None, None, "1 working_days")[how % 3]},
        "ask_shelving": {"milestone": now + (-1, 5, 30, 90)[how % 4] * ONE_DAY},
        "reapply_rules": {"severity": (None, None, "S3", "S4", "S2")[how % 5]},
    }.get(action, {})


def as_the_city_takes_it(action: str, data: dict[str, Any]) -> dict[str, Any]:
    """The same with the texts and photos that the door asks for."""
    given = {**WORDS.get(action, {}), **data}
    if action == "submit":
        given["evidence"] = _photo("after") if given.pop("photo") else None
    if action == "attach":
        given["evidence"] = _photo(given.pop("kind"))
    return {name: value for name, value in given.items() if value is not None}


def _photo(kind: str) -> list[dict[str, str]]:
    return [{"kind": kind, "sha256": "ab" * 32}]

"""Every setting in rules/*.toml, and what its value may be.

Bounds keep what reads it from raising, and from waiting without end: a limit of no letter in an hour would hold every
letter for ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.accountability import MeasureKind
from models.accountability_rules import When
from models.issue import FoundLevel
from models.lifecycle import State
from models.patrol import CHIEFS
from notifications.kinds import KINDS
from notifications.limits import TABLE as WAYS
from notifications.limits import WINDOWS
from services.cities.setting_kinds import (
    CLOCK,
    DAYS,
    FLAG,
    LIMIT,
    LIST,
    OFFSET,
    SOME,
    TEXT,
    Kind,
    number,
    one_of,
    some_of,
    whole,
)
from services.likeness import SURELY_FOUND
from services.videos import MOST_MEGABYTES, MOST_SECONDS

MANY, YEARS = 1_000_000, 3650
TIMED = (State.FOUND, State.RECTIFIED, State.VERIFIED, State.SHELVED, State.CLOSED)
"""States with a clock of their own: a stage step elsewhere would never come."""


@dataclass(frozen=True)
class Group:
    """A table. `others`: the tables in it with names of the city's own, which `strict` wants all others to be.

    `optional`: empty it counts as not given.
    """

    names: Mapping[str, "Kind | Group | Rows"] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    others: "Group | None" = None
    strict: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of tables, each called by its `code` where it has one."""

    row: Group
    most: int = 100
    least: int = 0


EXTENSION = Group({"times": whole(0, 20), "max": LIMIT, "approver_level": whole(1, 3)}, ("times",))
SEVERITY = Group(
    {
        "name": TEXT,
        "name_en": TEXT,
        **dict.fromkeys(("sign_in", "make_safe", "limit", "verify", "close", "milestone"), LIMIT),
        "rework_share": number(0.01, 1),
        "extension": EXTENSION,
    },
    ("name", "sign_in", "limit", "verify", "close", "rework_share", "extension"),
)
SEVERITIES = Group(others=SEVERITY, strict=True)

STEP = Group(
    {
        **dict.fromkeys(("code", "name", "name_en", "from", "paper"), TEXT),
        "offset": OFFSET,
        "share": number(0, 1),
        "level": whole(1, 5),
        **dict.fromkeys(("territorial", "departmental", "copied", "copied_for", "enclosed"), LIST),
        "channels": SOME,
        "person_decides": FLAG,
    },
    ("code", "name", "from", "level", "paper", "channels"),
)
STAGE = Group(
    {
        **dict.fromkeys(("code", "name", "name_en", "paper"), TEXT),
        "stage": one_of(TIMED),
        "from": one_of(("stage_due",)),
        "offset": OFFSET,
        "level": whole(1, 5),
        **dict.fromkeys(("posts", "channels"), SOME),
    },
    ("code", "stage", "level", "posts", "paper", "channels"),
)
SPEED = Group({"factor": number(0.01, 10), "hours_per_day": number(0.01, 24), "clock": one_of(("natural_hours",))})
JUMP = Group(
    {"failed_checks": whole(1, 100), "relapse_days": whole(0, YEARS), "levels": whole(1, 5)},
    ("failed_checks", "relapse_days", "levels"),
)
LADDER = Group(
    {
        # 16 and 15 bits of `issue.steps_taken`.
        "step": Rows(STEP, most=16, least=1),
        "stage": Rows(STAGE, most=15),
        "speed": Group(others=SPEED, strict=True),
        "jump": JUMP,
    },
    ("step", "jump"),
)

SHEETS = Group(
    {"severities": LIST, "sources": LIST, "found_levels": some_of(FoundLevel), "relapses": whole(1, 1000)},
)
CONDITION = Group(
    {**dict.fromkeys(("code", "name", "name_en"), TEXT), **dict.fromkeys(("severities", "sources"), LIST)}, ("code",)
)
SWEEP = Group({**CONDITION.names, "sheets": Rows(SHEETS)}, ("code",))
"""The condition `same_fault_sweep`: it alone has lines about its sheets."""
CLOSEOUT = Group({"condition": Rows(SWEEP)}, ("condition",))

WAY = Group(
    {
        **dict.fromkeys((*WINDOWS, "per_person_per_day", "per_person_and_kind_per_day"), whole(1, MANY)),
        "spread_minutes": number(0, 30),  # after each half hour: more would never end
        "kinds": Group(dict.fromkeys(KINDS, whole(1, MANY))),
    }
)


MEASURE_RULE = Group(
    {
        "code": TEXT,
        "when": one_of(When),
        "propose": one_of(MeasureKind),
        "least": whole(1, MANY),
        "step": TEXT,
        "days": whole(1, YEARS),
    },
    ("code", "when", "propose"),
)
ACCOUNTABILITY = Group(
    {
        "again_within": LIMIT,
        "rule": Rows(MEASURE_RULE),
        "late_reply": Rows(Group({"offset": OFFSET, "posts": SOME}, ("offset", "posts")), most=20),
    }
)


def policy(severities: Iterable[str]) -> Group:
    """rules/policy.toml of a city with these severities."""
    codes = tuple(severities)
    return Group(
        {
            "assign_within": LIMIT,
            "auto_assign": FLAG,
            "duplicate": Group({"radius_m": number(1, 100_000)}),
            "evidence": Group(
                {
                    "far_metres": number(1, 100_000),
                    "similar_bits": whole(0, SURELY_FOUND),
                    "same_view_bits": whole(0, SURELY_FOUND),
                    "early_minutes": whole(0, 1440),
                    "video_megabytes": whole(0, MOST_MEGABYTES),
                    "video_seconds": whole(1, MOST_SECONDS),
                }
            ),
            "quiet_hours": Group({"from": CLOCK, "to": CLOCK, "except": some_of(codes)}, ("from", "to"), optional=True),
            "digest": Group(
                {"threshold": whole(1, MANY), "window_minutes": number(0, 1440), "spread_minutes": number(0, 240)}
            ),
            "papers": Group({"in_digest": FLAG}),
            "look_back": _look_back(codes),
            "same_fault": Group({"limit": LIMIT, "most_points": whole(1, 1000)}),
            "hotspot": Group(
                {"days": whole(1, YEARS), **dict.fromkeys(("point", "fault", "street", "standard"), whole(0, MANY))}
            ),
            "accountability": ACCOUNTABILITY,
            "patrol": Group(dict.fromkeys(map(str, CHIEFS), whole(0, 366))),
            "links": Group({"hours": number(1, 336), "act_in_groups": FLAG}),
            "channel_limits": Group(dict.fromkeys(map(str, WAYS), WAY)),
            "silent_after": Group(dict.fromkeys(codes, number(0, 10_080))),
        },
        ("assign_within",),
    )


def _look_back(severities: Iterable[str]) -> Group:
    drawn = Group({"severities": some_of(severities), "share": number(0, 1)}, ("severities", "share"))
    days = whole(0, YEARS)
    return Group({"from_days": days, "to_days": days}, ("from_days",), others=drawn, optional=True)

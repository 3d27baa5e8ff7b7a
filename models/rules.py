"""The rules of a city, read from the document that an issue points at.

Everything here is data of the city pack (rules/*.toml); this module only gives it types. Sources: domain 9b and 9c.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from models.deadlines import ClockType, Limit
from models.errors import NotFound
from models.lifecycle import State

NO_TIME = Limit(Decimal(0), ClockType.NATURAL_HOURS)


@dataclass(frozen=True)
class ExtensionRule:
    """How often and how long an extension may be, and from which level up it is granted (1 = city)."""

    times: int
    most: Limit | None
    approver_level: int


@dataclass(frozen=True)
class SeverityRule:
    """The limits of one severity. A failed check restarts at `rework_share` of the limit. Source: domain 9b."""

    code: str
    name: str
    name_en: str
    sign_in: Limit
    limit: Limit
    verify: Limit
    close: Limit
    rework_share: Decimal
    extension: ExtensionRule
    milestone: Limit | None


@dataclass(frozen=True)
class Step:
    """One step of the ladder, E0 to E8. Source: domain 9c."""

    code: str
    name: str
    name_en: str
    start: str
    offset: Limit
    share: Decimal
    level: int
    territorial: tuple[str, ...]
    departmental: tuple[str, ...]
    copied: tuple[str, ...]
    copied_for: tuple[str, ...]
    paper: str
    channels: tuple[str, ...]
    person_decides: bool

    @cached_property
    def rank(self) -> int:
        """0 to 8; also the bit of `issue.steps_taken`."""
        return int(self.code[1:])


@dataclass(frozen=True)
class StageStep:
    """Who hears when another clock than the deadline runs out: assigning, verifying, closing out, a milestone."""

    code: str
    name: str
    name_en: str
    stage: State
    offset: Limit
    level: int
    posts: tuple[str, ...]
    paper: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Speed:
    """How much faster the ladder climbs: offsets times `factor`, or so many hours for a day, round the clock."""

    factor: Decimal = Decimal(1)
    hours_per_day: Decimal | None = None

    def of(self, offset: Limit) -> Limit:
        """The offset at this speed."""
        if self.hours_per_day is None:
            return offset.scaled(self.factor)
        return Limit(offset.amount * self.hours_per_day, ClockType.NATURAL_HOURS)


@dataclass(frozen=True)
class Jump:
    """So many failed checks, or a relapse within so many days, lift the issue by so many levels."""

    failed_checks: int
    relapse_days: int
    levels: int


@dataclass(frozen=True)
class Rules:
    """All rules of a city at one moment."""

    code: str
    severities: Mapping[str, SeverityRule]
    ladder: tuple[Step, ...]
    stages: tuple[StageStep, ...]
    speeds: Mapping[str, Speed]
    jump: Jump
    close_out: tuple[Mapping[str, Any], ...]
    policy: Mapping[str, Any]

    def severity(self, code: str) -> SeverityRule:
        """Raises NotFound."""
        if code not in self.severities:
            raise NotFound(what="severity", code=code)
        return self.severities[code]

    def step(self, code: str) -> Step:
        """Raises NotFound."""
        for step in self.ladder:
            if step.code == code:
                return step
        raise NotFound(what="step", code=code)

    def offset(self, step: Step | StageStep, *, severity: str) -> Limit:
        """The offset of a step as fast as the ladder climbs for a severity."""
        key = (step.code, severity)
        if key not in self._offsets:
            self._offsets[key] = self.speeds.get(severity, Speed()).of(step.offset)
        return self._offsets[key]

    @cached_property
    def _offsets(self) -> dict[tuple[str, str], Limit]:
        return {}

    @property
    def assign_within(self) -> Limit:
        """How long a found issue may wait for its assignment."""
        return Limit.parse(self.policy["assign_within"])


def parse_rules(code: str, content: Mapping[str, Any]) -> Rules:
    """Give types to a rule document. Raises KeyError or ValueError where it is not complete: the pack's lint tells."""
    ladder = content["ladder"]
    return Rules(
        code=code,
        severities={key: _severity(key, row) for key, row in content["severities"].items()},
        ladder=tuple(_step(row) for row in ladder["step"]),
        stages=tuple(_stage(row) for row in ladder.get("stage", ())),
        speeds={key: _speed(row) for key, row in ladder.get("speed", {}).items()},
        jump=Jump(**{key: int(ladder["jump"][key]) for key in ("failed_checks", "relapse_days", "levels")}),
        close_out=tuple(content["closeout"]["condition"]),
        policy=content["policy"],
    )


def _severity(code: str, row: Mapping[str, Any]) -> SeverityRule:
    extension = row["extension"]
    return SeverityRule(
        code=code,
        name=row["name"],
        name_en=row.get("name_en", row["name"]),
        sign_in=Limit.parse(row["sign_in"]),
        limit=Limit.parse(row["limit"]),
        verify=Limit.parse(row["verify"]),
        close=Limit.parse(row["close"]),
        rework_share=Decimal(str(row["rework_share"])),
        extension=ExtensionRule(
            times=int(extension["times"]),
            most=Limit.parse(extension["max"]) if extension.get("max") else None,
            approver_level=int(extension.get("approver_level", 2)),
        ),
        milestone=Limit.parse(row["milestone"]) if row.get("milestone") else None,
    )


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en", row["name"]),
        start=row["from"],
        offset=Limit.parse(row["offset"]) if row.get("offset") else NO_TIME,
        share=Decimal(str(row.get("share", 0))),
        level=int(row["level"]),
        territorial=tuple(row.get("territorial", ())),
        departmental=tuple(row.get("departmental", ())),
        copied=tuple(row.get("copied", ())),
        copied_for=tuple(row.get("copied_for", ())),
        paper=row["paper"],
        channels=tuple(row["channels"]),
        person_decides=bool(row.get("person_decides", False)),
    )


def _stage(row: Mapping[str, Any]) -> StageStep:
    return StageStep(
        code=row["code"],
        name=row.get("name", row["code"]),
        name_en=row.get("name_en", row.get("name", row["code"])),
        stage=State(row["stage"]),
        offset=Limit.parse(row["offset"]) if row.get("offset") else NO_TIME,
        level=int(row["level"]),
        posts=tuple(row["posts"]),
        paper=row["paper"],
        channels=tuple(row["channels"]),
    )


def _speed(row: Mapping[str, Any]) -> Speed:
    hours = row.get("hours_per_day")
    return Speed(
        factor=Decimal(str(row.get("factor", 1))), hours_per_day=Decimal(str(hours)) if hours is not None else None
    )

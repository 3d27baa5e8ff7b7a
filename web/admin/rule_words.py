"""The rules of the city in words: what stands in the TOML files, readable for who does not read TOML."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models import terms
from models.rules import Rules, SeverityRule, Speed, StageStep, Step
from runtime.i18n import gettext as _
from runtime.i18n import language
from web.issue.words import limit

PERCENT = 100


@dataclass(frozen=True)
class SeverityLine:
    """One severity: its limits in words."""

    code: str
    name: str
    limits: tuple[str, ...]
    rework: str
    extension: str


@dataclass(frozen=True)
class StepLine:
    """One step: when it comes, who is told, by which paper and channels."""

    code: str
    name: str
    when: str
    level: str
    told: tuple[str, ...]
    copied: tuple[str, ...]
    paper: str
    channels: str


def severities(rules: Rules) -> list[SeverityLine]:
    """In the order of the file."""
    return [
        SeverityLine(
            code=one.code,
            name=_name(one),
            limits=tuple(limit(str(part)) for part in (one.sign_in, one.limit, one.verify, one.close)),
            rework=f"{one.rework_share * PERCENT:.0f} %",
            extension=_extension(one),
        )
        for one in rules.severities.values()
    ]


def _extension(one: SeverityRule) -> str:
    if not one.extension.times:
        return _("none")
    level = terms.term(terms.LEVELS, one.extension.approver_level, language())
    most = limit(str(one.extension.most or one.limit))
    return _("{n}×, at most {most}, granted from: {level}").format(n=one.extension.times, most=most, level=level)


def ladder(rules: Rules) -> list[StepLine]:
    """E0 to E8."""
    return [_line(step, _when(step), (*step.territorial, *step.departmental), step.copied) for step in rules.ladder]


def stages(rules: Rules) -> list[StepLine]:
    """The steps of the other clocks."""
    return [_line(step, _stage(step), step.posts, ()) for step in rules.stages]


def _line(step: Step | StageStep, when: str, told: Iterable[str], copied: Iterable[str]) -> StepLine:
    lang = language()
    return StepLine(
        code=step.code,
        name=_name(step),
        when=when,
        level=terms.term(terms.LEVELS, step.level, lang),
        told=tuple(map(post, told)),
        copied=tuple(map(post, copied)),
        paper=terms.term(terms.PAPERS | terms.MESSAGE_KINDS, step.paper, lang),
        channels=", ".join(terms.term(terms.CHANNELS, one, lang) for one in step.channels),
    )


def _name(one: SeverityRule | Step | StageStep) -> str:
    return one.name_en if language() == "en" else one.name


def _when(step: Step) -> str:
    if step.start == "share":
        return _("{share} % of the limit used").format(share=f"{step.share * PERCENT:.0f}")
    since = {"assigned": _("when assigned"), "sign_in_due": _("sign-in limit passed"), "due": _("deadline passed")}
    return _later(since.get(step.start, step.start), step)


def _stage(step: StageStep) -> str:
    state = terms.term(terms.STATES, step.stage, language())
    return _later(_("{state}: its time is up").format(state=state), step)


def _later(since: str, step: Step | StageStep) -> str:
    return f"{since} + {limit(str(step.offset))}" if step.offset.amount else since


def post(reference: str) -> str:
    """A post as rules name it: `L3.street_chief`, `unit.handler`."""
    owner, _dot, kind = reference.partition(".")
    lang = language()
    owners = {"unit": _("lead unit"), "point": _("the point"), "issue": _("the issue")}
    level = owner.removeprefix("L")
    return f"{owners.get(owner) or terms.term(terms.LEVELS, level, lang)} · {terms.term(terms.POSTS, kind, lang)}"


def plain(document: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The policy as lines, `quiet_hours.from` → 21:00."""
    for name, value in document.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from plain(value, f"{path}.")
        else:
            yield path, ", ".join(map(str, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return limit(value) if isinstance(value, str) else str(value)


def speeds(rules: Rules) -> list[tuple[str, str]]:
    """Severities on which the ladder climbs faster, and how."""
    return [(code, _speed(one)) for code, one in rules.speeds.items()]


def _speed(one: Speed) -> str:
    if one.hours_per_day is None:
        return _("offsets times {factor}").format(factor=one.factor)
    return _("{n} hours for a day, round the clock").format(n=one.hours_per_day)


def conditions(rules: Rules) -> list[tuple[str, str]]:
    """What must hold before an issue is closed out, and for which issues."""
    return [(_condition(one), _for(one)) for one in rules.close_out]


def _condition(one: Mapping[str, Any]) -> str:
    name = one.get("name_en" if language() == "en" else "name")
    return str(name or terms.term(terms.CONDITIONS, one.get("code"), language()))


def _for(one: Mapping[str, Any]) -> str:
    sources = [terms.term(terms.SOURCES, source, language()) for source in one.get("sources", ())]
    return ", ".join([*map(str, one.get("severities", ())), *sources]) or _("all")

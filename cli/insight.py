"""`duban why | preview | replay`: why a date is what it is, who would be told if nobody acts, another policy's past."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, times, words
from cli.app import app
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from services.explain import Clock, Why
    from services.foresight import Foreseen, PostAhead


@app.command("why", help=_("Why an issue is due when it is: the rule, the clock, day by day."))
def why(number: options.OneNumber, as_json: options.AsJson = False) -> None:
    from services import explain, queries

    with opened() as work, work.sessions() as session:
        told = explain.why(session, queries.ids_of(session, [number])[0])
    if as_json:
        showing.print_json(told)
        return
    _show_why(told)


def _show_why(told: "Why") -> None:
    name = told.severity_name_en if language() == "en" else told.severity_name
    due = times.shown(told.due_at) + (_(" (provisional)") if told.provisional else "")
    showing.card(
        [
            (_("Number"), told.number),
            (_("State"), words.word(words.STATES, told.state)),
            (_("Severity"), f"{told.severity} {name}"),
            (_("Due"), due if told.due_at else ""),
            (_("Sign in by"), told.sign_in_due_at),
            (_("Stage due"), told.stage_due_at),
            (_("Rules"), told.rule_set_code),
            (_("Calendar"), f"{told.calendar_version} {told.calendar_source}" if told.calendar_version else ""),
        ]
    )
    if not told.clocks:
        showing.say(_("Not assigned yet: no deadline runs."))
    for clock in told.clocks:
        _show_clock(clock)


def _show_clock(clock: "Clock") -> None:
    said = _("{action} at {start}: {limit}, due {due}")
    facts = {"action": words.word(words.ACTIONS, clock.started_by), "start": times.shown(clock.started_at)}
    showing.say("\n" + said.format(**facts, limit=words.limit(clock.limit), due=times.shown(clock.due_at)))
    for move in clock.moves:
        old, new = times.shown(move.old_due_at), times.shown(move.new_due_at)
        change = _("{action} at {at}: {old} → {new}")
        action = words.word(words.ACTIONS, move.action)
        showing.say("  " + change.format(action=action, at=times.shown(move.at), old=old, new=new))
    columns = [
        Column("date", _("Day")),
        Column("note", _("What"), words.note),
        Column("name", _("Name")),
        Column("counted", _("Counted"), _hours),
        Column("provisional", _("Provisional"), lambda provisional: _("yes") if provisional else ""),
    ]
    showing.table([showing_row(line) for line in clock.lines], columns)


def showing_row(line: Any) -> dict[str, Any]:
    """A day of a deadline as a row; the class has slots, so no __dict__."""
    return {name: getattr(line, name) for name in ("date", "note", "name", "counted", "provisional")}


def _hours(minutes: float) -> str:
    return f"{minutes / 60:g} h" if minutes else ""


@app.command("preview", help=_("Who would be told, when and how, if nobody acts: up to the city."))
def preview(number: options.OneNumber, as_json: options.AsJson = False) -> None:
    from services import foresight, queries

    with opened() as work, work.sessions() as session:
        steps = foresight.preview(session, queries.ids_of(session, [number])[0], now=work.now())
    columns = [
        Column("at", _("When")),
        Column("step", _("Step")),
        Column("name", _("Name")),
        Column("level", _("Level"), lambda level: words.word(words.LEVELS, level)),
        Column("who", _("Who")),
        Column("channels", _("Channels"), _channels),
    ]
    if as_json:
        showing.print_json(steps)
        return
    showing.table([_ahead(step) for step in steps], columns, empty=_("Nothing waits for time."))


def _channels(classes: tuple[str, ...]) -> str:
    return ", ".join(words.word(words.CHANNELS, one) for one in classes)


def _ahead(step: "Foreseen") -> dict[str, Any]:
    at = times.shown(step.at) + (_(" (provisional)") if step.provisional else "")
    name = step.name_en if language() == "en" else step.name
    who = "; ".join(_post(post) for post in step.posts)
    return {"at": at, "step": step.step, "name": name, "level": step.level, "who": who, "channels": step.channels}


def _post(post: "PostAhead") -> str:
    if post.holders:
        return f"{post.title}: {', '.join(post.holders)}"
    if post.instead:
        vacant = _("{post}: vacant, instead {other}") if post.exists else _("{post}: not here, instead {other}")
        return vacant.format(post=post.title, other=_post(post.instead))
    return _("{post}: nobody").format(post=post.title)


@app.command("replay", help=_("What another policy would have done to past issues. A pack's folder holds the policy."))
def replay(
    folder: Annotated[Path, argument(_("The pack with the other rules."))],
    start: Annotated[str, option(_("From this day on."), "--from")],
    end: Annotated[str | None, option(_("Until this day; otherwise today."), "--to")] = None,
    as_json: options.AsJson = False,
) -> None:
    from models.rules import parse_rules
    from services.cities import read_pack
    from services.replay import replay as play

    pack = read_pack(folder)
    rules = parse_rules(pack.rule_code, pack.rules)
    with opened() as work, work.sessions() as session:
        first = times.read_time(start, field="from")
        last = times.last_moment(times.read_day(end, field="to")) if end else work.now()
        if last <= first:
            raise_reversed(start, end)
        counts = play(session, rules, start=first, end=last)
    if as_json:
        showing.print_json(counts)
        return
    _show_replay(counts)


def raise_reversed(start: str, end: str | None) -> None:
    """Refuse a period that ends before it begins. Raises WrongValue."""
    from models.errors import WrongValue

    raise WrongValue(field="to", value=end or "", expected=f"> {start}")


def _show_replay(counts: Any) -> None:
    showing.say(
        _("{n} issues compared; late then {then}, late with the other rules {now}.").format(
            n=counts.all.issues, then=counts.all.late_then, now=counts.all.late_now
        )
    )
    rows = [
        {"severity": severity, "step": step, "did": did, "would": would}
        for severity, one in [("", counts.all), *counts.by_severity.items()]
        for step, (did, would) in sorted(one.steps.items())
    ]
    columns = [
        Column("severity", _("Severity"), lambda severity: severity or _("all")),
        Column("step", _("Step")),
        Column("did", _("Did fire")),
        Column("would", _("Would fire")),
    ]
    showing.table(rows, columns)
    if counts.unknown:
        showing.note(_("{n} issues have a severity that the other rules do not know.").format(n=counts.unknown))

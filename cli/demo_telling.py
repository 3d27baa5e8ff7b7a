"""The demo in words: each event, and who heard of it, why, and what they read."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from cli import issue_page, showing, times, words
from cli.opening import Work
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.message import Message
    from services.seal import Verified

MUTE = frozenset({"suppressed", "failed"})
INDENT = "     "


def _head(text: str) -> None:
    typer.secho("\n" + text, bold=True, fg="cyan")


def found(work: Work, issue_id: int) -> None:
    """What was found, and where."""
    from services import queries

    with work.sessions() as session:
        seen = queries.detail(session, issue_id, now=work.now())
    issue = seen.issue
    place = " / ".join(seen.names.get(code, code) for code in issue.area_path.split("/"))
    _head(f"{times.shown(issue.found_at)}  {issue.number}  {issue.severity}  {issue.description}")
    showing.say(f"{INDENT}{seen.names.get(issue.point_code or '', '')}, {place}")


def nobody_acts() -> None:
    """The turn of the story."""
    _head(_("Nobody acts. The clock is moved on …"))


def somebody_acts() -> None:
    """The other turn."""
    _head(_("At last somebody acts."))


def next_step_at(work: Work, issue_id: int) -> datetime | None:
    """When time brings the next step of the ladder to this issue."""
    from models.issue import Issue

    with work.sessions() as session:
        return session.get_one(Issue, issue_id).next_step_at


def acts(work: Work, action: str, *, by: str) -> None:
    """Somebody does something."""
    from models.unit import Person

    with work.sessions() as session:
        person = session.get_one(Person, by)
    _head(f"{times.shown(work.now())}  {person.name}: {words.word(words.ACTIONS, action)}")


def what_happened(work: Work, issue_id: int, *, after: int, action: str = "") -> int:
    """Tell the messages with a key above `after`, under what caused them; returns the last key told.

    `action` stands in the heading already.
    """
    from sqlmodel import col, select

    from models.issue import Issue
    from models.message import Message
    from services import rulebook

    with work.sessions() as session:
        query = select(Message).where(Message.issue_id == issue_id, col(Message.id) > after).order_by(col(Message.id))
        messages = session.exec(query).all()
        rule_set = session.get_one(Issue, issue_id).rule_set_code
        rules = rulebook.rules(session, rule_set) if rule_set else None
        heading, text = words.word(words.ACTIONS, action), ""
        for message in messages:
            cause = _cause(message, rules)
            if cause != heading:
                _head(f"{times.shown(message.created_at)}  {cause}")
                heading = cause
            text = _tell(session, message, work=work, told=text)
    return max((message.id or 0 for message in messages), default=after)


def _cause(message: "Message", rules: Any) -> str:
    """The event behind a message: the step with its name and level, or the action."""
    action = message.facts.get("action")
    step = "E0" if action == "assign" else message.facts.get("step")
    if not isinstance(step, str) or action not in ("assign", "escalate"):
        return words.word(words.ACTIONS, action)
    level = next((one.level for one in rules.ladder if one.code == step), None) if rules else None
    place = words.word(words.LEVELS, level) if level else ""
    return f"{issue_page.step_name(step, rules)}  ({place})"


def _tell(session: "Session", message: "Message", *, work: Work, told: str) -> str:
    """What is said, unless it was just said, and to whom: the post, who holds it, why. Returns what was said."""
    from notifications.material import read_city, read_material
    from notifications.people import readers_of
    from notifications.rendering import render_or_plain

    today = work.now().astimezone(times.zone()).date()
    readers = readers_of(session, [message], today=today)[message.id or 0]
    if message.state.value in MUTE or not readers:
        _pass_over(message)
        return told
    material = read_material(session, [message], city=read_city(session))[message.id or 0]
    for reader in readers:
        spoken = replace(reader, lang=language())
        text = render_or_plain(material, reader=spoken, at=message.created_at)
        *body, why = text.body.splitlines()
        said = "\n".join([text.title, *body])
        if said != told:
            typer.echo("\n".join(INDENT + showing.harmless(line) for line in said.splitlines()))
            told = said
        typer.echo(f"  →  {reader.name}  " + typer.style(showing.harmless(why), dim=True))
    return told


def _pass_over(message: "Message") -> None:
    """A post that there is not at this place is stepped over; one that nobody holds is passed up."""
    post = message.post_code or message.person_code or ""
    gone = _("{post}: no such post here") if message.failure == "no_such_post" else _("{post}: vacant, passed up")
    typer.secho("  ·  " + gone.format(post=post), dim=True)


def ended(seen: "Verified") -> None:
    """The record, checked."""
    _head(_("The record"))
    if seen.alteration:
        what = words.alteration(seen.alteration.what)
        showing.say(INDENT + _("ALTERED at {where}: {what}.").format(where=seen.alteration.number, what=what))
        return
    counts = {"issues": seen.issues, "events": seen.events, "days": seen.days}
    showing.say(INDENT + _("Intact: {issues} issues, {events} events, {days} sealed days.").format(**counts))

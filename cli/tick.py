"""`duban tick`: one round over all stages without Prefect, with the same keys; then what waits is sent."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import options, posting, showing, words
from cli.app import app
from cli.exits import Exit
from cli.opening import Work, opened
from cli.showing import Column
from runtime.i18n import gettext as _


@app.command("tick", help=_("Do everything that has fallen due, once, without Prefect. Harmless beside it."))
def tick(
    send: Annotated[bool, typer.Option("--send/--no-send", help=_("Send the messages too."))] = True,
    as_json: options.AsJson = False,
) -> int:
    from services import sweeps

    with opened() as work:
        counts = sweeps.tick(work.sessions, now=work.now())
        if not counts.skipped:
            _look_at_photos(work)
            _note(work)
        posted = posting.Posted()
        if send and not counts.skipped:
            with posting.doors(work) as channels:
                posted = posting.post_all(work, channels)
    if counts.skipped:
        showing.note(_("Another round is under way; this one did nothing."))
        return Exit.FOUND
    if as_json:
        showing.print_json({"stages": counts.stages, "messages": posted})
    else:
        showing.table([_row(stage) for stage in counts.stages], _columns())
        show_posted(posted)
    return Exit.FOUND if counts.set_aside else Exit.DONE


def _look_at_photos(work: Work) -> None:
    """Draw anew what was handed in, and flag what looks wrong about it."""
    from services import developing

    with work.sessions() as session:
        while developing.something_waits(session):
            if not developing.look(session, work.settings.evidence, now=work.now()).pieces:
                break  # somebody else is at it
            session.commit()


def _note(work: Work) -> None:
    """That a round has been run, and whether this machine's clock is right."""
    from runtime import clock
    from runtime.stopping import this_machine
    from services import rounds

    with work.sessions() as session:
        rounds.ended(session, at=clock.true_now(session))
        rounds.tell_clock(session, machine=this_machine(), ahead=clock.skew(session), now=clock.now(session))
        session.commit()


def _row(stage: Any) -> dict[str, Any]:
    return {"stage": stage.stage, "due": stage.due, "moved": stage.moved, "set_aside": stage.set_aside}


def _columns() -> list[Column]:
    return [
        Column("stage", _("Stage"), lambda stage: words.word(words.STATES, stage)),
        Column("due", _("Due")),
        Column("moved", _("Moved"), _moved),
        Column("set_aside", _("Set aside")),
    ]


def _moved(moved: Mapping[str, int]) -> str:
    return ", ".join(f"{_what(what)} × {n}" for what, n in moved.items())


def _what(what: str) -> str:
    """An action, with its step where it has one."""
    action, _space, step = what.partition(" ")
    return f"{words.word(words.ACTIONS, action)} {step}".strip()


def show_posted(posted: posting.Posted) -> None:
    """One line about the messages."""
    said = _("Messages: {sent} sent, {waiting} waiting, {bundled} in digests, {failed} failed, {passed_up} passed up.")
    showing.say(said.format(**vars(posted)))

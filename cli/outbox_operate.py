"""`duban outbox resend | test | page | change-key | record`: what operators do to the outbox, with who did it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import options, posting, showing, times, words
from cli.exits import Exit
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.outbox import outbox
from cli.showing import Column
from models.errors import MissingInput
from runtime.i18n import gettext as _
from runtime.i18n import language, ngettext

if TYPE_CHECKING:
    from sqlmodel import Session

    from notifications.trial_letter import Tried

Messages = Annotated[
    list[int] | None,
    argument(_("Messages, by their number in the list."), metavar="MESSAGE", min=0, max=options.LARGEST),
]
LONGEST_PAGE = 8 * 60
"""Minutes: a shift."""


@outbox.command("resend", help=_("Send messages again, as new ones: by number, or all that a channel has lost."))
def resend(
    messages: Messages = None,
    channel: Annotated[str | None, option(_("All that this channel or provider has lost: mail, wecombot, …"))] = None,
    state: Annotated[list[str] | None, option(_("With --channel: failed (the default), unknown, or both."))] = None,
    hours: Annotated[int, option(_("With --channel: of the last so many hours; otherwise 24."), min=1, max=8760)] = 24,
    sure: Annotated[bool, option(_("The reader may get it twice, and that is meant."), "--sure")] = False,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from models.message import MessageState
    from services import resending

    if not messages and not channel:
        raise MissingInput(action="resend", missing="message, --channel")
    states = [one_of(MessageState, one, field="state") for one in state or ("failed",)]
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        new = [resending.resend(session, one, by=actor, now=now, sure=sure) for one in messages or ()]
        if channel:
            since = timedelta(hours=hours)
            new += resending.resend_all(
                session, by=actor, now=now, channel=channel, states=states, since=since, sure=sure
            )
        _keep(session, dry_run=dry_run)
    _show_new(new, as_json=as_json, dry_run=dry_run)


def _keep(session: "Session", *, dry_run: bool) -> None:
    if dry_run:
        session.rollback()
    else:
        session.commit()


def _show_new(new: Sequence[int], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        showing.print_json({"messages": list(new), "dry_run": dry_run})
    elif len(new) == 1:
        showing.say(_("Message {new} will say it again.").format(new=new[0]))
    else:
        words_of = ngettext("{n} message will be sent again.", "{n} messages will be sent again.", len(new))
        showing.say(words_of.format(n=len(new)))
    if dry_run and not as_json:
        showing.note(_("Dry run: nothing was changed."))


@outbox.command(
    "test", help=_("Send a test message to an address and show what became of it. Ends with 1 if not taken.")
)
def try_address(
    to: Annotated[
        str, option(_("A mail address, a phone number, or a URL; - reads it from stdin, so that no shell keeps it."))
    ],
    channel: Annotated[str | None, option(_("mail, sms or chat; needed for what is no URL."))] = None,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> int:
    from services import trials

    address = typer.get_text_stream("stdin").readline().strip() if to == "-" else to.strip()
    with opened() as work, posting.doors(work) as channels:
        tried = trials.try_channel(
            work.sessions,
            channels,
            channel=channel,
            address=address,
            by=work.who(by),
            lang=language(),
            now=work.now(),
        )
    return _show_trial(tried, as_json=as_json)


def _show_trial(tried: "Tried", *, as_json: bool) -> int:
    from models.message import Outcome
    from services.reasons import reason

    sent, seconds = tried.sent, tried.seconds
    taken = sent.outcome is Outcome.SENT
    why = "" if taken else reason(sent.code, sent.detail, lang=language())
    if as_json:
        row = {"outcome": sent.outcome, "code": sent.code, "reason": why, "seconds": round(seconds, 3)}
        showing.print_json({**row, "fault": sent.fault, "retry_after": sent.retry_after})
    else:
        showing.card(
            [
                (_("Outcome"), words.word(words.OUTCOMES, sent.outcome)),
                (_("Code"), sent.code),
                (_("Why"), why),
                (_("Took"), f"{seconds:.2f} s"),
            ]
        )
    return Exit.DONE if taken else Exit.FOUND


@outbox.command(
    "page", help=_("Make a link that opens the outbox as a page, for a while. Whoever holds it acts as you.")
)
def page(
    by: options.Who = None,
    minutes: Annotated[int, option(_("How long it opens; otherwise 30."), min=1, max=LONGEST_PAGE)] = 30,
) -> None:
    from models.outbox import Operation
    from notifications.operator_ticket import OperatorTicket, seal
    from runtime.keys import link_keys
    from services import operators

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        operators.check(session, actor)
        expires_at = now + timedelta(minutes=minutes)
        operators.note(session, actor, Operation.PAGE, {"expires_at": expires_at.isoformat()}, now=now)
        session.commit()
        token = seal(OperatorTicket(actor.code, expires_at), keys=link_keys(work.settings))
    showing.say(f"{work.settings.public_url.rstrip('/')}/outbox/{token}")
    showing.note(_("Good for {n} minutes. Give it to nobody.").format(n=minutes))


@outbox.command(
    "change-key", help=_("Sign the links in messages with a new key from now on. Those sent before still work.")
)
def change_key(
    revoke: Annotated[
        bool, option(_("No link that was sent before works any more: when the key may be known to others."), "--revoke")
    ] = False,
    by: options.Who = None,
) -> None:
    from models.outbox import Operation
    from runtime import keys
    from services import operators

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        operators.check(session, actor)
        operators.note(session, actor, Operation.CHANGE_KEY, {"revoke": revoke}, now=now)
        keys.change_key(work.settings, believed=1 if revoke else keys.KEPT)
        session.commit()
    showing.say(_("Links in messages are signed with a new key from now on."))
    if revoke:
        showing.note(_("Those sent before work no more; reminders and `duban outbox resend` bring new ones."))
    else:
        showing.note(_("Those sent before work until they expire, or until the key is changed once more."))


@outbox.command("record", help=_("Who had messages sent again, sent tests or opened the page; newest first."))
def record(limit: options.Limit = 50, as_json: options.AsJson = False) -> None:
    from services import operators

    with opened() as work, work.sessions() as session:
        rows = [one.model_dump() for one in operators.acts(session, limit=limit)]
    columns = [
        Column("at", _("When")),
        Column("person_code", _("Person")),
        Column("operation", _("Done"), lambda one: words.word(words.OPERATIONS, one)),
        Column("facts", _("Details"), _facts),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("Nothing found."))


def _facts(facts: dict[str, object]) -> str:
    """In words, in the order of the table; what is not there is for programs (--json)."""
    return "; ".join(said for name, say in _FACTS.items() if name in facts and (said := say(facts[name])))


def _numbers(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_FACTS: dict[str, Callable[[Any], str]] = {
    "channel": lambda code: words.word(words.CHANNELS, code) if code else "",
    "states": lambda codes: ", ".join(words.word(words.MESSAGES, code) for code in codes),
    "outcome": lambda code: words.word(words.OUTCOMES, code),
    "code": lambda code: _("code {code}").format(code=code) if code else "",
    "seconds": lambda seconds: f"{seconds} s",
    "messages": lambda ids: _("messages {ids}").format(ids=_numbers(ids)),
    "new": lambda ids: _("new ones {ids}").format(ids=_numbers(ids)),
    "sure": lambda sure: _("may reach somebody twice") if sure else "",
    "expires_at": lambda at: _("until {time}").format(time=times.shown(datetime.fromisoformat(at))),
    "revoke": lambda revoke: _("links sent before work no more") if revoke else "",
}

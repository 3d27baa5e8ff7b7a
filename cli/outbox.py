"""`duban outbox [list | show | deliver]`: what is to be told, by channel; every try; sending by hand."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import options, posting, showing, tick, words
from cli.app import group
from cli.exits import Exit
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

outbox = group("outbox", _("Messages on their way out: what waits, what failed, sending again."))
MessageId = Annotated[int, argument(_("The message, by its number in the list."), min=0, max=options.LARGEST)]

outbox.info.no_args_is_help = False
WAITING = ("pending", "refused", "sending")


@outbox.callback(invoke_without_command=True)
def summary(context: typer.Context, as_json: options.AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _summary(as_json=as_json)


def _summary(*, as_json: bool) -> None:
    """Messages by the channel that is wanted first, tries by provider, and since when the oldest message waits."""
    from services import outbox_counts

    with opened() as work, work.sessions() as session:
        seen = outbox_counts.tally(session)
    messages, providers = outbox_counts.by_channel(seen), outbox_counts.by_provider(seen)
    if as_json:
        showing.print_json({"messages": messages, "providers": providers, "oldest": seen.oldest})
        return
    rows = [
        {
            "channel": one.channel,
            "waiting": one.count(*WAITING),
            "sent": one.count("sent", "delivered"),
            "unknown": one.count("unknown"),
            "failed": one.count("failed"),
        }
        for one in messages
    ]
    numbers = [Column(name, title) for name, title in _numbers().items()]
    channel = Column("channel", _("Channel"), lambda name: words.word(words.CHANNELS, name))
    showing.table(rows, [channel, *numbers], empty=_("No messages."))
    tries = [{"channel": one.channel, **one.by_state, "ours": one.ours} for one in providers]
    if tries:
        showing.table(tries, [channel, *(Column(name, title) for name, title in _tries().items())])
    showing.card([(_("Oldest waits since"), seen.oldest)])


def _numbers() -> Mapping[str, str]:
    return {"waiting": _("Waiting"), "sent": _("Sent"), "unknown": _("Unknown"), "failed": _("Failed")}


def _tries() -> Mapping[str, str]:
    return {
        "sent": _("Taken"),
        "refused": _("Refused for now"),
        "permanent": _("Refused for good"),
        "unknown": _("Unknown"),
        "ours": _("Because of us"),
    }


def _reason(row: Mapping[str, Any]) -> str:
    """Why it stands as it does: what the last try said, else why nobody could be tried."""
    from services.reasons import reason

    if row["outcome"] in ("", "sent", "sending"):
        return str(words.word(words.FAILURES, row["failure"])) if row["failure"] else ""
    return reason(row["code"], row["detail"], lang=language())


@outbox.command("list", help=_("Messages, newest first."))
def list_messages(
    state: Annotated[
        list[str] | None,
        option(_("pending, sent, failed, unknown, …; may be repeated.")),
    ] = None,
    channel: Annotated[str | None, option(_("Through this channel or provider: mail, sms, wecombot, …"))] = None,
    issue: Annotated[str | None, option(_("About this issue."))] = None,
    person: Annotated[str | None, option(_("For this person."))] = None,
    before: options.Before = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from models.message import MessageState
    from services import outgoing, queries

    states = [one_of(MessageState, one, field="state") for one in state or ()]
    with opened() as work, work.sessions() as session:
        about = queries.ids_of(session, [issue])[0] if issue else None
        found = outgoing.listing(
            session, states=states, channel=channel, issue_id=about, person=person, before=before, limit=limit
        )
    columns = [
        Column("id", _("Message")),
        Column("created_at", _("When")),
        Column("kind", _("Kind"), lambda kind: words.word(words.MESSAGE_KINDS, kind)),
        Column("number", _("Number")),
        Column("post_title", _("Post")),
        Column("person_name", _("Person")),
        Column("state", _("State"), lambda state: words.word(words.MESSAGES, state)),
        Column("tries", _("Tries")),
        Column("provider", _("Channel"), lambda name: words.word(words.CHANNELS, name)),
        Column("reason", _("Why")),
    ]
    rows = [{**vars(one), "post_title": one.post_title or one.post, "reason": _reason(vars(one))} for one in found]
    showing.table(rows, columns, as_json=as_json, empty=_("No messages."))


@outbox.command("show", help=_("One message with every try. Addresses are hidden: they may hold tokens."))
def show(message: MessageId, as_json: options.AsJson = False) -> None:
    from services import outgoing

    with opened() as work, work.sessions() as session:
        row, tries = outgoing.attempts(session, message)
    from services.reasons import reason

    shown = [one.model_dump(exclude={"address"}) for one in tries]
    for one in shown:
        one["reason"] = "" if one["outcome"] == "sent" else reason(one["code"], one["detail"], lang=language())
    if as_json:
        showing.print_json({"message": row.model_dump(), "attempts": shown})
        return
    showing.card(
        [
            (_("Message"), row.id),
            (_("Kind"), words.word(words.MESSAGE_KINDS, row.kind)),
            (_("Post"), row.post_code),
            (_("Person"), row.person_code),
            (_("State"), words.word(words.MESSAGES, row.state)),
            (_("Why"), words.word(words.FAILURES, row.failure)),
            (_("Not before"), row.not_before),
        ]
    )
    columns = [
        Column("started_at", _("When")),
        Column("person_code", _("Person")),
        Column("channel", _("Channel"), lambda channel: words.word(words.CHANNELS, channel)),
        Column("outcome", _("Outcome"), lambda outcome: words.word(words.OUTCOMES, outcome)),
        Column("code", _("Code")),
        Column("reason", _("Why")),
    ]
    showing.table(shown, columns)


@outbox.command("deliver", help=_("Send now what is due, without Prefect. Ends with 1 when something failed."))
def deliver(as_json: options.AsJson = False) -> int:
    with opened() as work, posting.doors(work) as channels:
        posted = posting.post_all(work, channels)
    if as_json:
        showing.print_json(posted)
    else:
        tick.show_posted(posted)
    return Exit.FOUND if posted.failed else Exit.DONE

"""`duban outbox list | show | resend | deliver`: what is to be told, every try, and sending by hand."""

from typing import Annotated

from cli import options, posting, showing, tick, words
from cli.app import group
from cli.exits import Exit
from cli.issues import one_of
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

outbox = group("outbox", _("Messages on their way out: what waits, what failed, sending again."))
MessageId = Annotated[int, argument(_("The message, by its number in the list."), min=0, max=options.LARGEST)]


@outbox.command("list", help=_("Messages, newest first."))
def list_messages(
    state: Annotated[
        list[str] | None,
        option(_("pending, sent, failed, unknown, …; may be repeated.")),
    ] = None,
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
        found = outgoing.listing(session, states=states, issue_id=about, person=person, before=before, limit=limit)
    columns = [
        Column("id", _("Message")),
        Column("created_at", _("When")),
        Column("kind", _("Kind")),
        Column("number", _("Number")),
        Column("post", _("Post")),
        Column("person_name", _("Person")),
        Column("state", _("State"), lambda state: words.word(words.MESSAGES, state)),
        Column("tries", _("Tries")),
        Column("failure", _("Why"), lambda why: words.word(words.FAILURES, why)),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("No messages."))


@outbox.command("show", help=_("One message with every try. Addresses are hidden: they may hold tokens."))
def show(message: MessageId, as_json: options.AsJson = False) -> None:
    from services import outgoing

    with opened() as work, work.sessions() as session:
        row, tries = outgoing.attempts(session, message)
    shown = [one.model_dump(exclude={"address"}) for one in tries]
    if as_json:
        showing.print_json({"message": row.model_dump(), "attempts": shown})
        return
    showing.card(
        [
            (_("Message"), row.id),
            (_("Kind"), row.kind),
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
        Column("detail", _("Detail")),
    ]
    showing.table(shown, columns)


@outbox.command("resend", help=_("Send a message again, as a new one. The old one stays on record."))
def resend(message: MessageId, dry_run: options.DryRun = False) -> None:
    from services import outgoing

    with opened() as work, work.sessions() as session:
        new = outgoing.resend(session, message, now=work.now())
        if dry_run:
            session.rollback()
            showing.note(_("Dry run: nothing was changed."))
            return
        session.commit()
    showing.say(_("Message {new} will say it again.").format(new=new))


@outbox.command("deliver", help=_("Send now what is due, without Prefect. Ends with 1 when something failed."))
def deliver(as_json: options.AsJson = False) -> int:
    with opened() as work, posting.doors(work) as channels:
        posted = posting.post_all(work, channels)
    if as_json:
        showing.print_json(posted)
    else:
        tick.show_posted(posted)
    return Exit.FOUND if posted.failed else Exit.DONE

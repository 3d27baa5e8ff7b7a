"""`duban inbox`: the messages of one person, as the person reads them."""

from typing import Annotated

from cli import options, showing, times
from cli.app import app
from cli.opening import opened
from cli.options import option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language


@app.command("inbox", help=_("A person's messages, newest first; --read marks those that are shown as read."))
def inbox(
    by: options.Who = None,
    unread: Annotated[bool, option(_("Only what is not read yet."), "--unread")] = False,
    read: Annotated[bool, option(_("Mark what is shown as read."), "--read")] = False,
    full: Annotated[bool, option(_("Show the whole texts."), "--full")] = False,
    before: options.Before = None,
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from models.errors import NotFound
    from models.unit import Person
    from notifications import inbox as box
    from services.pack_files import templates_in_force

    with opened() as work, work.sessions() as session:
        person, now = work.who(by), work.now()
        if session.get(Person, person) is None:
            raise NotFound(what="person", code=person)
        found = box.entries(
            session,
            person,
            now=now,
            before=before,
            limit=limit,
            unread_only=unread,
            lang=None if as_json else language(),
            templates=templates_in_force(session, home=work.settings.home, otherwise=work.settings.templates),
        )
        if read:
            box.mark_read(session, person, message_ids=[one.id for one in found], now=now)
            session.commit()
    if full and not as_json:
        for one in found:
            showing.say(f"{times.shown(one.created_at)}  {showing.harmless(one.title)}")
            showing.say("\n".join("  " + showing.harmless(line) for line in one.body.splitlines()) + "\n")
        return
    columns = [
        Column("id", _("Message")),
        Column("created_at", _("When")),
        Column("number", _("Number")),
        Column("title", _("What")),
        Column("read_at", _("Read")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("No messages."))

"""`duban contact list | missing | add | code | confirm | remove | order | quiet | language`: how people are reached."""

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import options, posting, showing, words
from cli.app import group
from cli.exits import Exit
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from models.errors import WrongValue
from runtime.i18n import gettext as _
from runtime.i18n import language as spoken

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.rights import Actor
    from services.contact_codes import Asked

contact = group("contact", _("Where a person is reached: addresses proved by a code, their order, quiet hours."))
Person = Annotated[str | None, option(_("Whose; otherwise of who acts. For the administrator."), "--person")]
ContactId = Annotated[
    int, argument(_("A contact, by its number in the list."), metavar="CONTACT", min=0, max=options.LARGEST)
]


@contact.command("list", help=_("A person's contacts, in the order in which they are tried. Addresses are masked."))
def list_contacts(person: Person = None, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services import contacts

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        found = contacts.listing(session, by=actor, person_code=person or actor.code, now=now)
    columns = [
        Column("id", _("Contact")),
        Column("channel", _("Channel"), lambda channel: words.word(words.CHANNELS, channel)),
        Column("address", _("Address")),
        Column("standing", _("Standing"), lambda one: words.word(words.CONTACTS, one)),
        Column("off_why", _("Why"), lambda why: words.word(words.CONTACTS, why) if why else ""),
        Column("proof", _("Known by"), lambda proof: words.word(words.CONTACTS, proof) if proof else ""),
        Column("code_until", _("Code good until")),
        Column("quiet_from", _("Quiet from"), _clock),
        Column("quiet_to", _("Quiet until"), _clock),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json)


@contact.command("missing", help=_("Who holds a post and has no contact in use: what they are told goes up."))
def missing(limit: options.Limit = 50, as_json: options.AsJson = False) -> None:
    from services import contacts
    from services.people import city_day

    with opened() as work, work.sessions() as session:
        found = contacts.cut_off(session, today=city_day(session, work.now()), limit=limit)
    columns = [
        Column("person", _("Person")),
        Column("name", _("Name")),
        Column("posts", _("Posts")),
        Column("lost", _("Lost")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json, empty=_("Everybody in office has a contact."))


@contact.command("add", help=_("Send a code to a new address; it is used once the code is confirmed."))
def add(
    channel: Annotated[str, argument(_("sms, mail or chat."), metavar="CHANNEL")],
    address: Annotated[str, argument(_("A phone number, a mail address or a robot's URL; - reads it from stdin."))],
    person: Person = None,
    instead_of: Annotated[int | None, option(_("The contact that it replaces once confirmed."), "--instead-of")] = None,
    by: options.Who = None,
) -> int:
    from services import contact_codes

    given = typer.get_text_stream("stdin").readline() if address == "-" else address
    with opened() as work, posting.doors(work) as channels:
        actor, now = _acting(work, by)
        asked = contact_codes.ask(
            work.sessions,
            channels,
            by=actor,
            person_code=person or actor.code,
            channel=_channel(channel),
            address=given,
            now=now,
            instead_of=instead_of,
        )
    return _tell(asked)


@contact.command("code", help=_("Send a new code to a contact: not confirmed yet, or switched off."))
def code(contact_id: ContactId, by: options.Who = None) -> int:
    from services import contact_codes

    with opened() as work, posting.doors(work) as channels:
        actor, now = _acting(work, by)
        asked = contact_codes.ask_again(work.sessions, channels, by=actor, contact_id=contact_id, now=now)
    return _tell(asked)


@contact.command("confirm", help=_("Type the code that came; the address is used from then on."))
def confirm(
    contact_id: ContactId,
    code: Annotated[str, argument(_("The six digits."), metavar="CODE")],
    by: options.Who = None,
) -> None:
    from services import contact_codes

    with opened() as work:
        actor, now = _acting(work, by)
        contact_codes.confirm(work.sessions, by=actor, contact_id=contact_id, code=code, now=now)
    showing.say(_("Contact {id} is in use.").format(id=contact_id))


@contact.command("remove", help=_("Use an address no more."))
def remove(contact_id: ContactId, by: options.Who = None) -> None:
    from services import contacts

    with opened() as work, work.sessions() as session:
        now = work.now()
        left = contacts.remove(session, by=work.actor(session, by, now=now), contact_id=contact_id, now=now)
        session.commit()
    showing.say(_("Contact {id} is no longer used.").format(id=contact_id))
    if not left:
        showing.note(_("No contact is left: only the inbox, and what wants another channel is passed up."))


@contact.command("order", help=_("Try these contacts first, in this order."))
def order(
    contact_ids: Annotated[list[int], argument(_("Contacts, by their numbers in the list."), metavar="CONTACT")],
    person: Person = None,
    by: options.Who = None,
) -> None:
    from services import contacts

    def put(session: "Session", actor: "Actor", whose: str) -> None:
        contacts.order(session, by=actor, person_code=whose, contact_ids=contact_ids)

    _choose(put, person, by)
    showing.say(_("The order is kept, also when the city pack is loaded again."))


@contact.command("quiet", help=_("Send nothing between two times of the day, but what is urgent; --off ends it."))
def quiet(
    start: Annotated[str, argument(_("From, such as 21:30."), metavar="FROM")] = "",
    end: Annotated[str, argument(_("Until, such as 07:00."), metavar="UNTIL")] = "",
    off: Annotated[bool, option(_("Only the city's own quiet hours."), "--off")] = False,
    person: Person = None,
    by: options.Who = None,
) -> None:
    from services import contacts

    hours = None if off else (_read_clock(start, "from"), _read_clock(end, "until"))

    def put(session: "Session", actor: "Actor", whose: str) -> None:
        contacts.quiet(session, by=actor, person_code=whose, hours=hours)

    _choose(put, person, by)
    showing.say(_("Only the city's quiet hours hold.") if off else _("Quiet hours are kept; urgent messages pass."))


@contact.command("language", help=_("The language of messages to a person: zh-CN or en."))
def language(
    lang: Annotated[str, argument(_("zh-CN or en."), metavar="LANGUAGE")],
    person: Person = None,
    by: options.Who = None,
) -> None:
    from services import contacts

    def put(session: "Session", actor: "Actor", whose: str) -> None:
        contacts.speak(session, by=actor, person_code=whose, lang=lang)

    _choose(put, person, by)
    showing.say(_("Messages come in this language from now on: {lang}.").format(lang=lang))


def _choose(put: "Callable[[Session, Actor, str], None]", person: str | None, by: str | None) -> None:
    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        put(session, actor, person or actor.code)
        session.commit()


def _acting(work: Work, by: str | None) -> tuple[Any, Any]:
    """Who acts, and when."""
    now = work.now()
    with work.sessions() as session:
        return work.actor(session, by, now=now), now


def _tell(asked: "Asked") -> int:
    """Where the code went and what to type; or that it did not, or perhaps not, and why."""
    from models.message import Outcome
    from notifications.dead_addresses import masked
    from services.reasons import reason

    sent = asked.sent
    assert sent is not None
    shown, why = masked(asked.channel, asked.address), reason(sent.code, sent.detail, lang=spoken())
    if sent.outcome is Outcome.SENT:
        said = _("A code went to {address}. Type: duban contact confirm {id} CODE")
    elif sent.outcome is Outcome.UNKNOWN:
        said = _("The code may not have reached {address} ({why}). If it came: duban contact confirm {id} CODE")
    else:
        said = _("The code did not reach {address}: {why}. For a new one: duban contact code {id}")
    showing.say(said.format(address=shown, id=asked.contact_id, why=why))
    return Exit.DONE if sent.outcome is Outcome.SENT else Exit.FOUND


def _channel(given: str) -> Any:
    from models.unit import ChannelClass

    known = [one.value for one in (ChannelClass.SMS, ChannelClass.MAIL, ChannelClass.CHAT)]
    if given not in known:
        raise WrongValue(field="channel", value=given, expected=", ".join(known))
    return ChannelClass(given)


def _read_clock(given: str, field: str) -> time:
    try:
        read = time.fromisoformat(given)
    except ValueError:
        read = None
    if read is None or read.tzinfo or read.second or read.microsecond:
        raise WrongValue(field=field, value=given, expected="a time such as 21:30")
    return read


def _clock(value: Any) -> str:
    return value.strftime("%H:%M") if value else ""

"""`duban account list | show | invite | end | second | bind | unbind`: how people log in to the pages.

Whoever has the shell has the database: `--as` says who acts, and the same table of rights decides for whom it names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from cli import options, showing, words
from cli.app import group
from cli.opening import opened
from cli.options import argument
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.rights import Actor

account = group("account", _("How people log in: invitations, sessions, second steps, identities elsewhere."))
Person = Annotated[str, argument(_("The person, such as R00001."), metavar="PERSON")]


@dataclass(frozen=True)
class Acting:
    """The session, who acts, the real time, the day in the city, and where others reach the pages."""

    session: "Session"
    by: "Actor"
    now: datetime
    today: date
    public_url: str


@contextmanager
def _acting(by: str | None) -> Iterator[Acting]:
    from runtime import clock
    from services.people import city_day

    with opened() as work, work.sessions() as session:
        city_time = work.now()
        actor = work.actor(session, by, now=city_time)
        today = city_day(session, city_time)
        yield Acting(session, actor, clock.true_now(session), today, work.settings.public_url.rstrip("/"))


@account.command("list", help=_("Who has a password, a second step, open sessions; when they were last in."))
def list_accounts(
    name: Annotated[str, argument(_("Part of a name, or a code."))] = "",
    limit: options.Limit = 50,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services.accounts import others

    with _acting(by) as here:
        found = others.listing(here.session, by=here.by, today=here.today, now=here.now, words=name, limit=limit)
    columns = [
        Column("person", _("Person")),
        Column("name", _("Name")),
        Column("password", _("Password")),
        Column("second", _("Second step")),
        Column("identities", _("Identities elsewhere")),
        Column("sessions", _("Sessions")),
        Column("last_at", _("Last log-in")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json)


@account.command("show", help=_("What is on record about somebody's log-ins, newest first."))
def show(person: Person, limit: options.Limit = 50, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.accounts import others, record

    with _acting(by) as here:
        others.one(here.session, person, by=here.by, today=here.today, now=here.now)
        found = record.happenings(here.session, person, limit=limit)
        rows = [one.model_dump(exclude={"id", "person_code"}) for one in found]
    columns = [
        Column("at", _("Time")),
        Column("happening", _("What"), lambda one: words.word("HAPPENINGS", one)),
        Column("method", _("How"), lambda one: words.word("LOGIN_METHODS", one) if one else ""),
        Column("by_code", _("By")),
        Column("address", _("Address")),
        Column("device", _("Device")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("Nothing yet."))


@account.command("invite", help=_("Make a link by which somebody logs in once and sets a password; it is shown once."))
def invite(person: Person, by: options.Who = None) -> None:
    from services.accounts import others

    with _acting(by) as here:
        token = others.invite(here.session, person, by=here.by, now=here.now)
        here.session.commit()
    showing.say(f"{here.public_url}/login/key/{token}")
    showing.note(_("Good once, for three days. Hand it to {person} on a safe way.").format(person=person))


@account.command("end", help=_("End every session of somebody."))
def end(person: Person, by: options.Who = None) -> None:
    from services.accounts import others

    with _acting(by) as here:
        ended = others.end_sessions(here.session, person, by=here.by, now=here.now)
        here.session.commit()
    showing.say(_("Sessions ended: {n}.").format(n=ended))


@account.command("second", help=_("The phone is lost: ask for its codes no more, and end every session."))
def second(person: Person, by: options.Who = None) -> None:
    from services.accounts import others

    with _acting(by) as here:
        had = others.remove_second(here.session, person, by=here.by, now=here.now)
        here.session.commit()
    done = _("The second step of {person} is removed; whoever must have one sets it up at the next log-in.")
    showing.say((done if had else _("{person} has no second step.")).format(person=person))


@account.command("bind", help=_("Say who somebody is at a provider of identities."))
def bind(
    person: Person,
    provider: Annotated[str, argument(_("The provider's name in the file DUBAN_LOGIN_PROVIDERS."), metavar="PROVIDER")],
    subject: Annotated[str, argument(_("The identity there: sub, user id or union id."), metavar="IDENTITY")],
    by: options.Who = None,
) -> None:
    from services.accounts import others

    with _acting(by) as here:
        others.bind(here.session, person, provider=provider, subject=subject, by=here.by, now=here.now)
        here.session.commit()
    showing.say(_("Bound."))


@account.command("unbind", help=_("Somebody is that identity no more."))
def unbind(
    person: Person,
    number: Annotated[int, argument(_("The number of the binding: 1 for the first."), min=1, max=options.LARGEST)] = 1,
    by: options.Who = None,
) -> None:
    from models.errors import NotFound
    from services.accounts import identities, others

    with _acting(by) as here:
        bound = identities.identities_of(here.session, person)
        if number > len(bound):
            raise NotFound(what="identity", code=number)
        key = bound[number - 1].id or 0
        others.unbind(here.session, key, person=person, by=here.by, now=here.now)
        here.session.commit()
    showing.say(_("Bound no more."))

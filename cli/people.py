"""`duban people list | appoint | dismiss | deputy | vacant`: who holds which post, and who fills in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cli import options, showing, times
from cli.app import group
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session

    from models.rights import Actor


people = group("people", _("People and posts: who holds which, who fills in, which are vacant."))
Post = Annotated[str, argument(_("The post, such as D-CGJ:handler."), metavar="POST")]
Person = Annotated[str, argument(_("The person, such as R00001."), metavar="PERSON")]
FirstDay = Annotated[str | None, option(_("The first day; otherwise today."), "--from")]
Why = Annotated[str, option(_("Why; kept in the history."), "--why")]


@contextmanager
def _today() -> Iterator[tuple["Session", "date"]]:
    from services.people import city_day

    with opened() as work, work.sessions() as session:
        yield session, city_day(session, work.now())


@contextmanager
def _acting(by: str | None) -> Iterator[tuple["Session", "date", "Actor", "datetime"]]:
    """The session, the day, who acts, and when."""
    from services.people import city_day

    with opened() as work, work.sessions() as session:
        now = work.now()
        yield session, city_day(session, now), work.actor(session, by, now=now), now


@people.command("list", help=_("Persons with the posts they hold today."))
def list_people(
    words: Annotated[str, argument(_("Part of a name, a title or a code."))] = "",
    owner: Annotated[str, option(_("Posts of this unit, area or point."))] = "",
    limit: options.Limit = 50,
    as_json: options.AsJson = False,
) -> None:
    from services.roster import roster

    with _today() as (session, today):
        found = roster(session, today=today, words=words, owner=owner, limit=limit)
    columns = [
        Column("person", _("Person")),
        Column("name", _("Name")),
        Column("post", _("Post")),
        Column("title", _("Title")),
        Column("valid_from", _("Since")),
        Column("deputy", _("Deputy")),
    ]
    showing.table([vars(one) for one in found], columns, as_json=as_json)


@people.command("vacant", help=_("Posts that nobody holds today. What they are told is passed up."))
def vacant(limit: options.Limit = 50, as_json: options.AsJson = False) -> None:
    from services.people import vacant_posts

    with _today() as (session, today):
        posts = vacant_posts(session, today=today)
    rows = [{"post": one.code, "kind": one.kind, "owner": one.owner_code, "title": one.title} for one in posts[:limit]]
    showing.table(rows, [Column("post", _("Post")), Column("title", _("Title"))], as_json=as_json)
    if not as_json:
        showing.note(_("{n} vacant posts.").format(n=len(posts)))


@people.command("appoint", help=_("Give a post to somebody."))
def appoint(
    post: Post,
    person: Person,
    start: FirstDay = None,
    why: Why = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
) -> None:
    from services.appointments import appoint as give

    with _acting(by) as (session, today, actor, now):
        day = times.read_day(start, field="from") if start else today
        give(session, by=actor, post_code=post, person_code=person, start=day, now=now, why=why)
        _end(session, dry_run=dry_run)
    showing.say(_("{person} holds {post} from {day}.").format(person=person, post=post, day=day))


@people.command("dismiss", help=_("End somebody's hold of a post."))
def dismiss(
    post: Post,
    person: Person,
    last: Annotated[str | None, option(_("The last day; otherwise today."), "--until")] = None,
    why: Why = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
) -> None:
    from services.appointments import dismiss as end

    with _acting(by) as (session, today, actor, now):
        day = times.read_day(last, field="until") if last else today
        end(session, by=actor, post_code=post, person_code=person, last_day=day, now=now, why=why)
        _end(session, dry_run=dry_run)
    showing.say(_("{person} holds {post} until {day}.").format(person=person, post=post, day=day))


@people.command("deputy", help=_("Let somebody fill in for a person over some days."))
def deputy(
    person: Person,
    substitute: Annotated[str, argument(_("Who fills in."), metavar="DEPUTY")],
    until: Annotated[str, option(_("The last day."), "--until")],
    start: FirstDay = None,
    why: Why = "",
    by: options.Who = None,
    dry_run: options.DryRun = False,
) -> None:
    from services.appointments import substitute as fill_in

    with _acting(by) as (session, today, actor, now):
        first = times.read_day(start, field="from") if start else today
        last = times.read_day(until, field="until")
        days = {"start": first, "end": last}
        fill_in(session, by=actor, person_code=person, deputy_code=substitute, **days, now=now, why=why)
        _end(session, dry_run=dry_run)
    said = _("{deputy} fills in for {person} from {first} to {last}.")
    showing.say(said.format(deputy=substitute, person=person, first=first, last=last))


def _end(session: "Session", *, dry_run: bool) -> None:
    if dry_run:
        session.rollback()
        showing.note(_("Dry run: nothing was changed."))
    else:
        session.commit()

"""`duban bulletin list | draft | show | edit | count | approve | send-back | publish | withdraw | export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, times, words
from cli.app import group
from cli.errors import NotWritable
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.publication import Publication
    from models.rights import Actor
    from services.bulletins.files import Press
    from services.bulletins.reading import Reading

bulletins = group("bulletin", _("Bulletins: drafted by a timer or an office, approved, published, then frozen."))
Key = Annotated[int, argument(_("The bulletin, by its number in the list."), metavar="KEY")]
Reason = Annotated[str, option(_("Why."), "--reason")]
KINDS = "half_month, weekly, monthly"
NAMES, STATES, ACTS = "PUBLICATIONS", "PUBLICATION_STATES", "PUBLICATION_ACTS"
"""Names of tables in models/terms.py."""


@bulletins.command("list", help=_("Those that one may read, newest first."))
def list_bulletins(by: options.Who = None, limit: options.Limit = 30, as_json: options.AsJson = False) -> None:
    from services.bulletins.reading import listing
    from services.rulebook import the_city

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        rows = [_line(row) for row in listing(session, by=actor, city=the_city(session).code, limit=limit)]
    columns = [
        Column("id", _("Key")),
        Column("kind", _("Kind"), lambda kind: words.word(NAMES, kind)),
        Column("area_code", _("Area")),
        Column("period_from", _("From")),
        Column("period_to", _("To")),
        Column("edition", _("Edition")),
        Column("state", _("State"), lambda state: words.word(STATES, state)),
        Column("published_at", _("Published")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("No bulletins."))


@bulletins.command("draft", help=_("Draft the bulletin of the period that ended last; it is there once."))
def draft(
    kind: Annotated[str, argument(_("One of: {kinds}.").format(kinds=KINDS), metavar="KIND")],
    on: Annotated[str | None, option(_("The period that ended last before this day; otherwise before today."))] = None,
    area: Annotated[str, option(_("Of this area alone; otherwise of the whole city."), "--area")] = "",
    corrects: Annotated[bool, option(_("Another edition of one that is published."), "--corrects")] = False,
    by: options.Who = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> None:
    from services.bulletins.drafting import draft as verb
    from services.bulletins.periods import kind_of_bulletin
    from services.people import city_day

    with opened() as work, work.sessions() as session:
        now = work.now()
        day = times.read_day(on, field="on") if on else city_day(session, now)
        actor = work.actor(session, by, now=now)
        chosen = kind_of_bulletin(kind)
        made = verb(session, chosen, on=day, by=actor, now=now, area=area, corrects=corrects)
        told = {**_line(made.publication), "repeated": made.repeated, "dry_run": dry_run}
        session.rollback() if dry_run else session.commit()
    _tell(told, as_json=as_json, dry_run=dry_run)


@bulletins.command("show", help=_("What it says in short, what was done to it, and what one may do with it."))
def show(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.publications import history

    with opened() as work, work.sessions() as session:
        found = _read(session, key, work.actor(session, by, now=work.now()))
        content = found.content
        past = [{"act": one.act, "who": one.who, "at": one.at, "why": one.why} for one in history(session, key)]
        line, may = _line(found.row), sorted(found.may)
    if as_json:
        showing.print_json({**line, "content": content, "history": past, "may": may})
        return
    _say_content(line, content)
    columns = [
        Column("at", _("At")),
        Column("act", _("Act"), lambda act: words.word(ACTS, act)),
        Column("who", _("Who")),
        Column("why", _("Why")),
    ]
    showing.table(past, columns)


@bulletins.command("edit", help=_("Word a draft: only what is given changes."))
def edit(
    key: Key,
    lead: Annotated[str | None, option(_("The lead paragraph."))] = None,
    requirements: Annotated[str | None, option(_("What is required."))] = None,
    praised: Annotated[str | None, option(_("Who is praised."))] = None,
    criticised: Annotated[str | None, option(_("Who is criticised."))] = None,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services.bulletins.editing import edit as verb

    given = {"lead": lead, "requirements": requirements, "praised": praised, "criticised": criticised}
    texts = {name: text for name, text in given.items() if text is not None}
    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        row = _read(session, key, actor).row
        verb(session, row, texts=texts, by=actor, seen=row.content_sha256, now=work.now())
        told = _line(row)
        session.commit()
    _tell(told, as_json=as_json)


@bulletins.command("count", help=_("Count a draft again, as things stand now; its texts stay."))
def count(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.bulletins.drafting import count_again

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        row = _read(session, key, actor).row
        count_again(session, row, by=actor, seen=row.content_sha256, now=work.now())
        told = _line(row)
        session.commit()
    _tell(told, as_json=as_json)


@bulletins.command("approve", help=_("Say that a draft may be published; not for whoever worded it last."))
def approve(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.bulletins.deciding import approve as verb

    _act(verb, key, by=by, as_json=as_json)


@bulletins.command("send-back", help=_("Make an approved one a draft again, with a reason."))
def send_back(key: Key, reason: Reason, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.bulletins.deciding import send_back as verb

    _act(verb, key, by=by, as_json=as_json, why=reason)


@bulletins.command("publish", help=_("Freeze it for ever with its files, and tell all whom it is about."))
def publish(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.bulletins.deciding import publish as verb

    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        row = _read(session, key, actor).row
        verb(session, key, by=actor, seen=row.content_sha256, now=now, press=_press(work, session))
        told = _line(row)
        session.commit()
    _tell(told, as_json=as_json)


@bulletins.command("withdraw", help=_("Give up what is not published; the period may be drafted anew."))
def withdraw(key: Key, reason: Reason, by: options.Who = None, as_json: options.AsJson = False) -> None:
    from services.bulletins.deciding import withdraw as verb

    _act(verb, key, by=by, as_json=as_json, why=reason)


@bulletins.command("export", help=_("Write the Word file (.docx), or the annex for Excel (.xlsx), by its ending."))
def export(
    key: Key,
    file: Annotated[Path, argument(_("The file to write."), metavar="FILE")],
    by: options.Who = None,
) -> None:
    from models.errors import WrongValue
    from services.bulletins.files import EXCEL, WORD, file_of

    names = {".docx": WORD, ".xlsx": EXCEL[language()]}
    if file.suffix.lower() not in names:
        raise WrongValue(field="file", value=file.name, expected=", ".join(names))
    with opened() as work, work.sessions() as session:
        row = _read(session, key, work.actor(session, by, now=work.now())).row
        body = file_of(session, row, names[file.suffix.lower()], press=_press(work, session))
    try:
        file.write_bytes(body)
    except OSError as error:
        raise NotWritable(file=file, why=error.strerror or error) from error
    showing.say(str(file))


def _act(verb: Any, key: int, *, by: str | None, as_json: bool, **more: str) -> None:
    """Do it to the bulletin as it stands."""
    with opened() as work, work.sessions() as session:
        now = work.now()
        actor = work.actor(session, by, now=now)
        row = _read(session, key, actor).row
        verb(session, key, by=actor, seen=row.content_sha256, now=now, **more)
        told = _line(row)
        session.commit()
    _tell(told, as_json=as_json)


def _read(session: "Session", key: int, actor: "Actor") -> "Reading":
    """Raises NotFound."""
    from services.bulletins.reading import must_read
    from services.rulebook import the_city

    return must_read(session, key, by=actor, city=the_city(session).code)


def _press(work: Work, session: "Session") -> "Press":
    from services.bulletins.files import Press
    from services.papers.stationery import stationery_in_force

    return Press(stationery_in_force(session, otherwise=work.settings.city_pack / "papers"), work.settings.evidence)


def _line(row: "Publication") -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "area_code": row.area_code,
        "period_from": row.period_from.isoformat(),
        "period_to": row.period_to.isoformat(),
        "edition": row.edition,
        "state": row.state,
        "formula": row.formula,
        "published_at": row.published_at,
    }


def _say_content(line: dict[str, Any], content: dict[str, Any]) -> None:
    name = words.word(NAMES, line["kind"])
    state = words.word(STATES, line["state"])
    showing.say(f"{name}  {line['period_from']} – {line['period_to']}  [{state}]")
    for text in content["texts"].values():
        if text:
            showing.say(text)


def _tell(told: dict[str, Any], *, as_json: bool, dry_run: bool = False) -> None:
    if as_json:
        showing.print_json(told)
        return
    state = words.word(STATES, told["state"])
    showing.say(
        _("Bulletin {key}, {first} to {last}: {state}.").format(
            key=told["id"], first=told["period_from"], last=told["period_to"], state=state
        )
    )
    if told.get("repeated"):
        showing.note(_("It was there already."))
    if dry_run:
        showing.note(_("Dry run: nothing was changed."))

"""`duban hook …`: webhooks by subscription. For administrators of the city."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from cli import options, showing, words
from cli.app import group
from cli.exits import Exit
from cli.opening import Work, opened
from cli.options import argument, option
from cli.showing import Column
from cli.times import read_time
from runtime.i18n import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

    from models.hook import Hook

hook = group("hook", _("Webhooks: programs that are told what happens, over HTTPS and signed."))
Key = Annotated[int, argument(_("The webhook, by its number in the list."), min=1, max=options.LARGEST)]
Kinds = Annotated[
    list[str], option(_("What to tell: issue.*, issue.assign, audit.*, request.*, …; * for all."), "--kind")
]
Area = Annotated[str | None, option(_("Only of this area with all below it."), "--area")]
Unit = Annotated[str | None, option(_("Only of this unit."), "--unit")]
Severities = Annotated[list[str] | None, option(_("Only of this severity; may be repeated."), "--severity")]


@hook.command("list", help=_("Webhooks, newest first."))
def list_hooks(
    ended: Annotated[bool, option(_("Those that were ended too."), "--ended")] = False,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services import hooks

    with opened() as work, work.sessions() as session:
        found = hooks.hooks(session, work.actor(session, by, now=work.now()), ended=ended)
        waiting = hooks.waiting(session, found)
    rows = [{**_shown(one), "waiting": waiting.get(one.id or 0, 0)} for one in found]
    columns = [
        Column("id", _("Webhook")),
        Column("name", _("Name")),
        Column("url", _("Address")),
        Column("kinds", _("Events"), ", ".join),
        Column("state", _("State"), lambda state: words.word(words.HOOK_STATES, state)),
        Column("waiting", _("Waiting")),
        Column("last_ok_at", _("Last taken")),
    ]
    showing.table(rows, columns, as_json=as_json, empty=_("No webhooks."))


@hook.command("add", help=_("Tell a program what happens from now on. Its secret is shown once."))
def add(
    url: Annotated[str, argument(_("Where to: https://host/path"))],
    name: Annotated[str, option(_("What it is for, such as: cockpit."), "--name")],
    kind: Kinds,
    area: Area = None,
    unit: Unit = None,
    severity: Severities = None,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services import hooks

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        wish = hooks.Wish(name, url, kind, area, unit, severity or ())
        networks, now = work.settings.webhook_networks, _true_now(work)
        made = hooks.make(session, wish, by=actor, keys=_keys(work), networks=networks, now=now)
        session.commit()
    _show_secret(made.hook.id or 0, made.secret, as_json=as_json)


@hook.command("rotate", help=_("A new secret; the one before signs too for a while."))
def rotate(
    key: Key,
    hours: Annotated[int, option(_("For how many hours the one before signs too."), "--hours", min=0, max=168)] = 24,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services import hooks

    with opened() as work, work.sessions() as session:
        actor, overlap = work.actor(session, by, now=work.now()), timedelta(hours=hours)
        made = hooks.rotate(session, key, by=actor, keys=_keys(work), overlap=overlap, now=_true_now(work))
        session.commit()
    _show_secret(key, made.secret, as_json=as_json)


@hook.command("pause", help=_("Tell nothing for now; what happens waits."))
def pause(key: Key, by: options.Who = None) -> None:
    _change("pause", key, by)
    showing.say(_("Paused."))


@hook.command("resume", help=_("Go on with what waits."))
def resume(key: Key, by: options.Who = None) -> None:
    _change("resume", key, by)
    showing.say(_("Goes on."))


@hook.command("end", help=_("Tell nothing any more."))
def end(key: Key, by: options.Who = None) -> None:
    _change("end", key, by)
    showing.say(_("Ended."))


@hook.command("ping", help=_("Send a test, and say what came of it."))
def ping(key: Key, by: options.Who = None, as_json: options.AsJson = False) -> int:
    from services import hooks_log

    with opened() as work, work.sessions() as session:
        actor, now = work.actor(session, by, now=work.now()), _true_now(work)
        networks = work.settings.webhook_networks
        answered = hooks_log.ping(session, key, by=actor, keys=_keys(work), networks=networks, now=now)
        session.commit()
    if as_json:
        showing.print_json(answered)
    else:
        said = [words.word(words.TOLD, answered.told), answered.status, f"{answered.ms} ms", answered.said]
        showing.say("  ".join(showing.plain(one) for one in said if one))
    return Exit.DONE if answered.told == "ok" else Exit.FOUND


@hook.command("replay", help=_("Tell again: one event, or all that happened from a time on."))
def replay(
    key: Key,
    since: Annotated[str | None, option(_("From this time on, such as 2026-11-20 08:00."), "--since")] = None,
    delivery: Annotated[int | None, option(_("This delivery of the log."), "--delivery", min=1)] = None,
    by: options.Who = None,
) -> None:
    from models.errors import MissingInput
    from services import hooks_log

    if (since is None) == (delivery is None):
        raise MissingInput(action="replay", missing="--since | --delivery")
    with opened() as work, work.sessions() as session:
        actor, now, many = work.actor(session, by, now=work.now()), _true_now(work), 1
        if delivery is not None:
            hooks_log.again(session, key, delivery, by=actor, now=now)
        else:
            from_ = read_time(since or "", field="since")
            many = hooks_log.replay(session, key, since=from_, by=actor, now=now)
        session.commit()
    showing.say(_("{n} event(s) will be told again.").format(n=many))


@hook.command("log", help=_("What was told, newest first: each event, or with --tries each try."))
def log(
    key: Key,
    tries: Annotated[bool, option(_("Each try with its answer."), "--tries")] = False,
    before: options.Before = None,
    limit: options.Limit = 50,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from services import hooks_log

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        read: Any = hooks_log.attempts if tries else hooks_log.deliveries
        found = read(session, key, by=actor, before=before, limit=limit)
    columns = _tries() if tries else _deliveries()
    showing.table([one.model_dump() for one in found], columns, as_json=as_json, empty=_("Nothing yet."))


@hook.command("deliver", help=_("Tell now what waits, without Prefect. Ends with 1 when something was not taken."))
def deliver(as_json: options.AsJson = False) -> int:
    from cli.posting import tell_subscribers

    with opened() as work:
        told = tell_subscribers(work)
    if as_json:
        showing.print_json(dict(told))
    else:
        parts = [f"{words.word(words.TOLD, one)} {n}" for one, n in sorted(told.items())]
        showing.say(", ".join(parts) or _("Nothing waits."))
    return Exit.FOUND if set(told) - {"ok"} else Exit.DONE


def _deliveries() -> list[Column]:
    return [
        Column("id", _("Delivery")),
        Column("at", _("When")),
        Column("kind", _("Event")),
        Column("subject", _("About")),
        Column("state", _("State"), lambda state: words.word(words.DELIVERIES, state)),
        Column("tries", _("Tries")),
    ]


def _tries() -> list[Column]:
    return [
        Column("id", _("Try")),
        Column("at", _("When")),
        Column("kind", _("Event")),
        Column("key", _("Key")),
        Column("told", _("Outcome"), lambda told: words.word(words.TOLD, told)),
        Column("status", _("Status")),
        Column("ms", _("Milliseconds")),
        Column("said", _("Answer")),
    ]


def _change(verb: str, key: int, by: str | None) -> None:
    from services import hooks

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        getattr(hooks, verb)(session, key, by=actor, now=_true_now(work))
        session.commit()


def _shown(one: "Hook") -> dict[str, Any]:
    return one.model_dump(exclude={"secret", "old_secret"})


def _show_secret(key: int, secret: str, *, as_json: bool) -> None:
    if as_json:
        showing.print_json({"id": key, "secret": secret})
        return
    showing.say(secret)
    showing.note(_("Webhook {key}. The secret is shown this once.").format(key=key))


def _keys(work: Work) -> tuple[str, ...]:
    from runtime.keys import account_keys

    return account_keys(work.settings)


def _true_now(work: Work) -> "datetime":
    from runtime import clock

    with work.sessions() as session:
        return clock.true_now(session)

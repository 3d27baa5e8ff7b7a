"""`duban token create | list | end`: tokens with which a program acts for a person."""

from datetime import timedelta
from typing import Annotated

from cli import options, showing
from cli.app import group
from cli.opening import opened
from cli.options import argument, option
from cli.showing import Column
from runtime.i18n import gettext as _

token = group("token", _("Tokens of the API: a program acts with one for a person, within that person's rights."))


@token.command("create", help=_("Make a token for yourself. It is shown once; keep it like a password."))
def create(
    name: Annotated[str, argument(_("What it is for, such as: nightly export."))],
    scope: Annotated[list[str], option(_("read, report, act, audit, export or hooks; may be repeated."), "--scope")],
    days: Annotated[int, option(_("For how many days, at most 365."), "--days")] = 90,
    by: options.Who = None,
    as_json: options.AsJson = False,
) -> None:
    from runtime import clock
    from services import tokens

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        lasts, now = timedelta(days=max(days, 0)), clock.true_now(session)
        made = tokens.create_token(session, actor.code, name=name, scopes=scope, lasts=lasts, now=now)
        session.commit()
    if as_json:
        showing.print_json({"token": made, "days": days})
        return
    showing.say(made)
    showing.note(_("Shown once. Send it as: Authorization: Bearer …"))


@token.command("list", help=_("Your tokens that hold."))
def list_tokens(by: options.Who = None, as_json: options.AsJson = False) -> None:
    from runtime import clock
    from services import tokens

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        found = tokens.tokens_of(session, actor.code, now=clock.true_now(session))
    columns = [
        Column("id", _("Id")),
        Column("name", _("Name")),
        Column("scopes", _("For"), ", ".join),
        Column("expires_at", _("Until")),
        Column("used_at", _("Last used")),
    ]
    rows = [one.model_dump(exclude={"token_hash"}) for one in found]
    showing.table(rows, columns, as_json=as_json, empty=_("No tokens."))


@token.command("end", help=_("End one of your tokens, from this moment on."))
def end(key: Annotated[int, argument(_("Its id, as “duban token list” shows it."))], by: options.Who = None) -> None:
    from runtime import clock
    from services import tokens

    with opened() as work, work.sessions() as session:
        actor = work.actor(session, by, now=work.now())
        tokens.end_token(session, actor.code, key, now=clock.true_now(session))
        session.commit()
    showing.say(_("Ended."))

"""`duban status`: is all well, and where does everything stand?"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cli import options, showing, times, words
from cli.app import app
from cli.exits import Exit
from cli.opening import Work, opened
from cli.showing import Column
from runtime.i18n import gettext as _
from runtime.i18n import language

if TYPE_CHECKING:
    from sqlmodel import Session

ROUND_MISSING = timedelta(minutes=3)
PATIENCE = 2.0
"""Seconds that Prefect gets to answer."""


@app.command("status", help=_("Health and numbers. Ends with 1 when something needs a look."))
def status(as_json: options.AsJson = False) -> int:
    with opened() as work, work.sessions() as session:
        seen = _look(work, session)
    well = seen["well"]
    if as_json:
        showing.print_json(seen)
    else:
        _show(seen)
    return Exit.DONE if well else Exit.FOUND


def _look(work: Work, session: "Session") -> dict[str, Any]:
    from services import horizon, outbox_counts, queries, rounds, rulebook, watch

    now = work.now()
    city = rulebook.the_city(session)
    counts = queries.counts(session, now=now)
    seen = watch.look(session, now=now)
    answers = prefect_answers(work)
    problems = [*watch.problems(seen, lang=language()), *_of_the_engine(session, answers=answers)]
    return {
        "well": not problems,
        "problems": problems,
        "city": {
            "code": city.code,
            "name": city.name,
            "demo": city.demo,
            "now": now,
            "offset": city.clock_offset_seconds,
        },
        "database": _database(work),
        "prefect": {"url": f"http://127.0.0.1:{work.settings.prefect_port}", "answers": answers},
        "web": work.settings.public_url,
        "issues": {"by_state": counts.by_state, "open": counts.open, "overdue": counts.overdue, "late": counts.late},
        "outbox": outbox_counts.by_state(session),
        "last_round": rounds.last(session),
        "watch": seen,
        "horizon": horizon.horizon(session, now=now),
    }


def _of_the_engine(session: "Session", *, answers: bool) -> list[str]:
    """What is wrong with whoever should be running the rounds. Timers stand still without it."""
    from runtime.clock import true_now
    from services import rounds

    problems = [] if answers else [_("Prefect does not answer: no timer runs. Start `duban up`, or run `duban tick`.")]
    last = rounds.last(session)
    if last and last + ROUND_MISSING < true_now(session):
        problems.append(_("The last round was at {time}.").format(time=times.shown(last)))
    return problems


def _database(work: Work) -> dict[str, Any]:
    from cli.opening import revision

    embedded = work.settings.database_url is None
    return {"embedded": embedded, "folder": work.settings.home if embedded else None, "revision": revision(work.engine)}


def prefect_answers(work: Work) -> bool:
    """Whether Prefect's server of this machine answers."""
    import httpx

    url = f"http://127.0.0.1:{work.settings.prefect_port}/api/health"
    try:
        return httpx.get(url, timeout=PATIENCE, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _show(seen: dict[str, Any]) -> None:
    city, issues = seen["city"], seen["issues"]
    moved = _(" (moved forward)") if city["offset"] else ""
    database = _("embedded, in {folder}").format(folder=seen["database"]["folder"])
    showing.card(
        [
            (_("City"), f"{city['name']} ({city['code']})" + (_(", demo") if city["demo"] else "")),
            (_("Time there"), times.shown(city["now"]) + moved),
            (_("Database"), database if seen["database"]["embedded"] else _("a given PostgreSQL")),
            (_("Prefect"), _("answers") if seen["prefect"]["answers"] else _("does not answer")),
            (_("Last round"), times.shown(seen["last_round"]) or _("none yet")),
            (_("Open issues"), issues["open"]),
            (_("Overdue"), issues["overdue"]),
            (_("Late elsewhere"), issues["late"]),
            (_("Calendar known"), seen["horizon"].published_until),
        ]
    )
    rows = [{"state": state, "issues": n} for state, n in issues["by_state"].items()]
    column = Column("state", _("State"), lambda state: words.word(words.STATES, state))
    showing.table(rows, [column, Column("issues", _("Issues"))])
    box = [{"state": state, "messages": n} for state, n in seen["outbox"].items() if n]
    column = Column("state", _("Messages"), lambda state: words.word(words.MESSAGES, state))
    showing.table(box, [column, Column("messages", _("How many"))], empty=_("No messages."))
    showing.say(_("All is well.") if seen["well"] else _("Something needs a look:"))
    for problem in seen["problems"]:
        showing.say("  " + problem)

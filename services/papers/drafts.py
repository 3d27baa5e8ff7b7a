"""A paper on its way to the door: who may ask for it, what every draft says, the templates that are kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.errors import NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import Action, check
from models.paper import DEGREES, Paper, PaperKind
from models.rights import Actor, roles_on
from services import rulebook
from services.commands import Command
from services.papers.content import Desk
from services.papers.stationery import PAGE, WORD, Stationery, series
from services.recording import ORDER_FORM


@dataclass(frozen=True)
class Issued:
    """A paper, and whether it had been issued before."""

    paper: Paper
    repeated: bool = False


def desk_of(session: Session, *, by: Actor, now: datetime, stationery: Stationery, kind: PaperKind) -> Desk:
    """Raises WrongValue where a city's form is that of its supervision orders, which count for themselves."""
    city = rulebook.the_city(session)
    orders = city.pack.get("order_number", ORDER_FORM)
    if kind not in DEGREES and stationery.form(kind) == orders:
        raise WrongValue(
            field="numbers", value=orders, expected=f"another form than {orders}, that of supervision orders"
        )
    return Desk(session, by, now, stationery, city)


def allowed(session: Session, key: int, by: Actor) -> Issue:
    """The issue, where the actor may issue papers about it. The door looks again, with the row locked."""
    issue = session.get(Issue, key, populate_existing=True)
    if issue is None:
        raise NotFound(what="issue", code=key)
    check(Action.ISSUE_PAPER, state=issue.state, roles=roles_on(by, issue), supplied=frozenset({"kind"}))
    return issue


def frame(desk: Desk, kind: PaperKind, *, key: str, unit: str) -> dict[str, Any]:
    """What a draft of any kind says."""
    year = desk.now.astimezone(desk.zone).year
    form = desk.stationery.form(kind)
    return {
        "key": key,
        "kind": kind,
        "form": form,
        "series": series(form, year=year),
        "year": year,
        "number": None,
        "issue_id": None,
        "round_id": None,
        "cycle": 0,
        "step": "",
        "unit_code": unit,
        "issued_by": desk.by.code,
    }


def command(by: Actor, issue: Issue, draft: Mapping[str, Any]) -> Command:
    """The version makes sure that the content is that of the issue as the door finds it; the key, that it is once."""
    data = {"kind": draft["kind"].value, "paper": draft}
    return Command(Action.ISSUE_PAPER, by, issue.id, data, version=issue.version, key=str(draft["key"]))


def keep_templates(session: Session, stationery: Stationery, kind: PaperKind) -> dict[str, str]:
    """Keep the templates of a kind as they are now; what they are called in a draft."""
    used = {"word_template": WORD, "page_template": PAGE}
    templates = {name: stationery.template(kind, suffix=suffix) for name, suffix in used.items()}
    rows = [{"sha256": one.sha256, "name": one.name, "body": one.body} for one in templates.values()]
    for row in rows:
        statement = "INSERT INTO paper_template (sha256, name, body) VALUES (:sha256, :name, :body)"
        session.connection().execute(text(f"{statement} ON CONFLICT (sha256) DO NOTHING"), row)
    return {name: one.sha256 for name, one in templates.items()}


def issued(paper: Paper | None, *, repeated: bool) -> Issued:
    assert paper is not None  # the door has written it, or somebody else a moment before
    return Issued(paper, repeated)

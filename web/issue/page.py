"""The issue's page put together: what is told, what may be done, and a form for each of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from models import terms
from models.issue import Issue, IssueEvent, RequestState
from models.lifecycle import BY_ACTION, Action, State
from models.permissions import Right
from notifications.about import told_about
from runtime.i18n import language
from services import explain, foresight, issue_papers, reminders, videos
from services.directory import units_in_question
from services.evidence_flags import flags_of
from services.issue_view import IssueView, view
from services.offers import ASKED, Offer, offers
from services.pack_files import templates_in_force
from services.people import city_day
from services.recurrence import recurrence
from services.same_fault_plan import may_start
from services.same_fault_view import related
from web.deps import Desk
from web.issue import words
from web.issue.fields import Kind, fields_of
from web.issue.filled import Filled, clock_of
from web.issue.photos import takes_photos
from web.issue.timeline import NEWEST, entries, step_name
from web.issue.why import days
from web.link_forms import MOST_PHOTOS
from web.login import Reader

FIRST: Mapping[State, tuple[Action, ...]] = {
    State.FOUND: (Action.ASSIGN,),
    State.ASSIGNED: (Action.SIGN_IN, Action.RETURN),
    State.RECTIFYING: (Action.SUBMIT, Action.ASK_EXTENSION),
    State.RECTIFIED: (Action.PASS, Action.FAIL),
    State.VERIFIED: (Action.CLOSE_OUT, Action.CALL_BACK),
    State.SHELVED: (Action.RESUME,),
    State.CLOSED: (Action.LOOK_BACK, Action.RELAPSE),
}
"""What one mostly comes for; a request to decide and an order to answer go before it."""
QUIET = frozenset({Action.RELAPSE, Action.RETURN, Action.FAIL})
"""Never the loud one, even where nothing else is there."""
OFTEN = (Action.REPLY_ORDER, *ASKED)


@dataclass(frozen=True)
class Menu:
    """The actions of a page: those that one comes for, the others, and those that are hindered with the sentence."""

    first: Sequence[Offer]
    more: Sequence[Offer]
    hindered: Sequence[tuple[Action, str]]

    @property
    def offered(self) -> frozenset[Action]:
        """Those that have a form."""
        return frozenset(one.action for one in (*self.first, *self.more))


def menu(found: Sequence[Offer], shown: IssueView) -> Menu:
    """The offers in the order in which a page has them."""
    free = [one for one in found if one.hindrance is None]
    wanted = (*OFTEN, *FIRST.get(shown.issue.state, ()))
    first = sorted((one for one in free if one.action in wanted), key=lambda one: wanted.index(one.action))
    more = [one for one in free if one.action not in wanted]
    main = FIRST.get(shown.issue.state, ())
    hindered = [
        (one.action, words.sentence(one.hindrance, shown.name))
        for one in found
        if one.hindrance and (one.action in main or one.action in ASKED)
    ]
    return Menu(first, more, hindered)


def show(
    here: Desk,
    reader: Reader,
    issue: Issue,
    *,
    filled: Filled | None = None,
    meanwhile: Sequence[IssueEvent] = (),
    opened: Action | None = None,
    done: str = "",
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The page. `filled`: a form that was refused; `meanwhile`: what happened since it was read; `done`, `wrong`: said
    first."""
    session, now = here.session, here.now
    shown = view(session, issue, now=now)
    found = offers(session, reader.actor, [issue], now=now)[issue.id or 0]
    return here.pages.show(
        here.request,
        "issue/page",
        status=status,
        view=shown,
        issue=shown.issue,
        menu=menu(found, shown),
        entries=entries(shown),
        newest=NEWEST,
        meanwhile=entries(shown, meanwhile),
        stranded=_stranded(filled, found),
        done=done,
        wrong=wrong,
        related=related(session, issue, reader=reader.actor),
        again=recurrence(session, issue, reader=reader.actor),
        now=now,
        may_sweep=may_start(issue, by=reader.actor) and issue.state in BY_ACTION[Action.START_SWEEP].come_from,
        why=explain.why(session, issue.id or 0),
        ahead=foresight.preview(session, issue.id or 0, now=now),
        told=told_about(
            session,
            reader.code,
            issue_id=issue.id or 0,
            now=now,
            lang=language(),
            templates=templates_in_force(session, home=here.settings.home, otherwise=here.settings.templates),
        ),
        flags=flags_of(session, issue.id or 0, reader=reader.actor),
        may_judge=Right.JUDGE_EVIDENCE in reader.rights,
        may_redact=Right.REDACT in reader.rights,
        papers=issue_papers.papers_of(session, issue, reader.actor),
        issuable=issue_papers.issuable(session, issue, reader.actor),
        may_remind=reminders.may_remind(session, issue, reader.actor),
        days=days,
        step_name=step_name,
        **forms_of(here, shown, opened=opened, filled=filled),
    )


def _stranded(filled: Filled | None, found: Sequence[Offer]) -> Sequence[str]:
    """What was typed into a form that the page does not have any more, to be seen and copied."""
    free = {one.action for one in found if one.hindrance is None}
    if filled is None or filled.action in free or filled.action is Action.ISSUE_PAPER:
        return ()
    typed = {one.name for one in fields_of(filled.action) if one.kind is Kind.TEXT} if filled.action else ()
    return [text for name, text in filled.texts.items() if text and name in typed]


def _units(here: Desk, issue: Issue) -> Sequence[tuple[str, str]]:
    return units_in_question(here.session, issue, today=city_day(here.session, here.now))


def forms_of(
    here: Desk, shown: IssueView | None, *, opened: Action | None = None, filled: Filled | None = None
) -> dict[str, Any]:
    """What the forms of actions need beside the issue."""
    return {
        "filled": filled or Filled(),
        "opened": (filled.action if filled else None) or opened,
        "blank": Filled(),
        "fields_of": fields_of,
        "takes_photos": takes_photos,
        "clock_of": clock_of,
        "most_photos": MOST_PHOTOS,
        "videos": videos.limits(here.session),
        "units": _units(here, shown.issue) if shown and shown.issue.state is State.FOUND else (),
        "words": words,
        "terms": terms,
        "Action": Action,
        "QUIET": QUIET,
        "key": lambda: secrets.token_urlsafe(9),
        "asked_for": _asked_for(shown) if shown else {},
        "duplicates": _duplicates(shown) if shown else (),
    }


def _asked_for(shown: IssueView) -> Mapping[Action, Any]:
    """The open request that each deciding action is about."""
    still = {one.kind: one for one in shown.requests if one.state == RequestState.ASKED}
    return {action: still[kind] for action, kind in ASKED.items() if kind in still}


def _duplicates(shown: IssueView) -> Sequence[str]:
    """What the last look through found to be perhaps the same."""
    last = next((event for event in reversed(shown.events) if event.action is Action.TRIAGE), None)
    return list(last.facts.get("possible_duplicates") or ()) if last else ()

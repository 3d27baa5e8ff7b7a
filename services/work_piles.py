"""The piles on somebody's desk, as SQL: what waits for whom, each pile in the order in which it falls due.

A pile is made of branches, one for each post that brings work; each is read by an index of its own and in its order, so
that it costs what waits for that post. What may be done with a card is decided elsewhere (services/offers.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, literal_column, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from models.issue import Issue, IssueEvent, Request, RequestKind, SupervisionOrder
from models.lifecycle import OPEN, RUNNING, Action, State
from models.message import Message
from models.rules import Rules
from models.unit import PostKind
from services.decisions.asked import DISTRICT
from services.filters import state_is
from services.work_climbed import climbed
from services.work_desk import Branch, Desk

Column = Any


class Pile(StrEnum):
    """What waits, in the order in which a desk shows it."""

    OVERDUE = "overdue"
    SIGN_IN = "sign_in"
    ORDERS = "orders"
    RECTIFY = "rectify"
    VERIFY = "verify"
    ASSIGN = "assign"
    DECIDE = "decide"
    CLOSE_OUT = "close_out"
    LOOK_BACK = "look_back"
    CLIMBED = "climbed"


@dataclass(frozen=True)
class PileRule:
    """One pile: its branches for a desk, when each of its issues falls due, and what one does with them."""

    branches: Callable[[Desk], Iterable[Branch]]
    at: Column
    actions: tuple[Action, ...] = ()


def _with_the_unit(*states: State, where: Sequence[ColumnElement[bool]] = ()) -> Callable[[Desk], Iterable[Branch]]:
    return lambda desk: ([*desk.of_unit(unit, *states), *where] for unit in sorted(desk.units))


def _overdue(desk: Desk) -> Iterable[Branch]:
    return _with_the_unit(State.RECTIFYING, where=[col(Issue.due_at) <= desk.now])(desk)


def _in_time(desk: Desk) -> Iterable[Branch]:
    in_time = or_(col(Issue.due_at) > desk.now, col(Issue.due_at).is_(None))
    return _with_the_unit(State.RECTIFYING, where=[in_time])(desk)


def _of_places(kind: PostKind, state: State) -> Callable[[Desk], Iterator[Branch]]:
    """What stands in a state in the places of a post, whoever else may act there too: what is late comes first."""

    def branches(desk: Desk) -> Iterator[Branch]:
        for post in desk.posts(kind):
            yield [state_is(state), *desk.within(post)]

    return branches


def _independent(desk: Desk) -> list[ColumnElement[bool]]:
    """What the rule of independence leaves to somebody (models/rights.py), as SQL."""
    me, own = desk.actor.code, cast(desk.belongs_to, ARRAY(Text))
    worked = exists().where(
        col(IssueEvent.issue_id) == col(Issue.id),
        col(IssueEvent.cycle) == col(Issue.cycle),
        col(IssueEvent.actor) == me,
        col(IssueEvent.action).in_([Action.SIGN_IN, Action.SUBMIT]),
    )
    return [
        col(Issue.handler).is_distinct_from(me),
        col(Issue.submitted_by).is_distinct_from(me),
        not_(func.coalesce(col(Issue.lead_unit), "") == func.any(own)),
        not_(col(Issue.assisting_units).op("&&")(own)),
        not_(worked),
    ]


def _to_verify(desk: Desk) -> Iterator[Branch]:
    independent = _independent(desk)
    for branch in _of_places(PostKind.VERIFIER, State.RECTIFIED)(desk):
        yield [*branch, *independent]


def _to_decide(desk: Desk) -> Iterator[Branch]:
    """Requests that the rules of their issues leave to a level at or below that of the post."""
    for post in desk.posts(PostKind.OFFICE):
        extension = col(Request.kind) == RequestKind.EXTENSION
        kinds = [
            and_(extension, col(Issue.severity).in_(severities), *held)
            for severities, held in desk.by_rules(partial(_severities_of, level=post.level))
        ]
        if post.level <= DISTRICT:
            kinds.append(not_(extension))
        yield [col(Issue.id).in_(_with_requests()), _asked(or_(*kinds)), *desk.within(post)]


def _severities_of(rules: Rules, *, level: int) -> tuple[str, ...]:
    """Those whose extensions an office of this level may grant."""
    return tuple(code for code, rule in rules.severities.items() if level <= rule.extension.approver_level)


def _with_requests() -> Select[Any]:
    """The issues with an open request: few, and an index has them. Else every issue would be looked at."""
    open_ones = select(col(Request.issue_id)).where(col(Request.state) == literal_column("'asked'"))
    return select(open_ones.cte().prefix_with("MATERIALIZED").c.issue_id)


def _asked(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    open_ones = col(Request.state) == literal_column("'asked'")
    return exists().where(col(Request.issue_id) == col(Issue.id), open_ones, *which)


def _to_look_back(desk: Desk) -> Iterator[Branch]:
    """What is to be looked at again in the places that one inspects, whether or not the post that is told was vacant;
    what the ladder told one's own post as a verifier. Not one's own work, nor what one has passed oneself.
    """
    due = [
        literal_column("issue.state") == literal_column("'closed'"),
        col(Issue.stage_due_at).is_not(None),
        col(Issue.stage_due_at) <= desk.now,
        col(Issue.look_back_at).is_(None),
        col(Issue.verified_by).is_distinct_from(desk.actor.code),
        *_independent(desk),
    ]
    for post in desk.posts(PostKind.INSPECTOR):
        yield [*due, *desk.within(post)]
    posts = [f"{post.owner_code}:{post.kind.value}" for post in desk.posts(PostKind.VERIFIER)]
    if posts:
        told = select(col(Message.issue_id)).where(
            col(Message.post_code).in_(posts), col(Message.kind) == "look_back_due"
        )
        yield [*due, col(Issue.id).in_(told)]


def _unindexed(at: Column) -> Column:
    """The same time, but no index is in its order: what waits is found by whose it is, and then put in order."""
    return at + literal_column("interval '0'")


WITH_A_UNIT = tuple(sorted(OPEN - {State.FOUND}))
_WITH_ORDERS = select(col(SupervisionOrder.issue_id)).where(
    col(SupervisionOrder.replied_at).is_(None), col(SupervisionOrder.withdrawn_at).is_(None)
)
_REPLY_DUE = (
    select(func.min(SupervisionOrder.reply_due_at))
    .where(
        col(SupervisionOrder.issue_id) == col(Issue.id),
        col(SupervisionOrder.cycle) == col(Issue.cycle),
        col(SupervisionOrder.replied_at).is_(None),
        col(SupervisionOrder.withdrawn_at).is_(None),
    )
    .scalar_subquery()
)
_STAGE_OR_UNIT = case((col(Issue.state).in_(list(RUNNING)), col(Issue.due_at)), else_=col(Issue.stage_due_at))

PILES: Mapping[Pile, PileRule] = {
    Pile.OVERDUE: PileRule(_overdue, col(Issue.due_at), (Action.SUBMIT,)),
    Pile.SIGN_IN: PileRule(_with_the_unit(State.ASSIGNED), col(Issue.sign_in_due_at), (Action.SIGN_IN, Action.RETURN)),
    Pile.ORDERS: PileRule(
        _with_the_unit(*WITH_A_UNIT, where=[col(Issue.id).in_(_WITH_ORDERS)]),
        func.coalesce(_REPLY_DUE, col(Issue.due_at)),
        (Action.REPLY_ORDER,),
    ),
    Pile.RECTIFY: PileRule(_in_time, col(Issue.due_at), (Action.SUBMIT, Action.ASK_EXTENSION)),
    Pile.VERIFY: PileRule(_to_verify, col(Issue.stage_due_at), (Action.PASS, Action.FAIL)),
    Pile.ASSIGN: PileRule(_of_places(PostKind.OFFICE, State.FOUND), col(Issue.stage_due_at), (Action.ASSIGN,)),
    Pile.DECIDE: PileRule(
        _to_decide,
        _unindexed(col(Issue.due_at)),
        (
            *(Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION, Action.GRANT_RETURN, Action.REFUSE_RETURN),
            *(Action.GRANT_SHELVING, Action.REFUSE_SHELVING),
        ),
    ),
    Pile.CLOSE_OUT: PileRule(
        _of_places(PostKind.OFFICE, State.VERIFIED), col(Issue.stage_due_at), (Action.CLOSE_OUT, Action.CALL_BACK)
    ),
    Pile.LOOK_BACK: PileRule(_to_look_back, col(Issue.stage_due_at), (Action.LOOK_BACK, Action.RELAPSE)),
    Pile.CLIMBED: PileRule(lambda desk: climbed(desk), _STAGE_OR_UNIT),
}


def branches_of(pile: Pile, desk: Desk) -> Sequence[Branch]:
    """The branches of a pile for this desk; none where it is nobody's business there."""
    return list(PILES[pile].branches(desk))

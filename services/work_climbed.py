"""What climbed to somebody: issues whose ladder, or the clock of another stage, has told one of their posts.

Read from the rules of today: which steps name a post of this kind. Whoever does the work itself finds it on the piles
of the work, and not here again.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col

from models.issue import Issue
from models.ladder import FIRST_STAGE_BIT
from models.lifecycle import RUNNING, State
from models.rights import HeldPost
from models.unit import UNIT_POSTS, OwnerKind, PostKind
from services.filters import RARE_STEP, is_open
from services.work_desk import Desk

Branch = list[ColumnElement[bool]]
OWN_PILES = frozenset(
    {
        (PostKind.OFFICE, State.FOUND),
        (PostKind.OFFICE, State.VERIFIED),
        (PostKind.VERIFIER, State.RECTIFIED),
        (PostKind.INSPECTOR, State.CLOSED),
        (PostKind.OFFICE, State.CLOSED),
    }
)
"""Stages that a kind of post has a pile of its own for, or nothing to do about."""


def climbed(desk: Desk) -> Iterator[Branch]:
    """The branches: for each post the ladder, the late signatures, and each late stage."""
    for post in dict.fromkeys(desk.actor.all_posts):
        if post.owner_kind is OwnerKind.AREA and post.owner_code not in desk.paths:
            continue
        if post.kind is not PostKind.HANDLER:
            yield from _by_the_ladder(post, desk)
        yield from _by_late_stages(post, desk)


def _by_the_ladder(post: HeldPost, desk: Desk) -> Iterator[Branch]:
    told = [step for step in desk.rules.ladder if _names(post, (*step.territorial, *step.departmental, *step.copied))]
    unsigned = [step.rank for step in told if step.start == "sign_in_due"]
    passed = [step.rank for step in told if step.start in ("share", "due")]
    for ranks, states in ((unsigned, [State.ASSIGNED]), (passed, sorted(RUNNING))):
        if ranks:
            yield [*_place(post, desk, states), *_taken(ranks)]


def _by_late_stages(post: HeldPost, desk: Desk) -> Iterator[Branch]:
    for position, step in enumerate(desk.rules.stages):
        if _names(post, step.posts) and (post.kind, step.stage) not in OWN_PILES:
            late = col(Issue.stage_due_at) <= desk.now
            yield [*_place(post, desk, [step.stage]), _bits(1 << FIRST_STAGE_BIT + position), late]


def _place(post: HeldPost, desk: Desk, states: Sequence[State]) -> Branch:
    """What lies in the scope of a post in these states."""
    if post.owner_kind is OwnerKind.UNIT:
        return [desk.of_unit(post.owner_code, *states)]
    written = col(Issue.state).in_([literal_column(f"'{state.value}'") for state in states])
    if post.owner_kind is OwnerKind.POINT:
        return [written, col(Issue.point_code) == post.owner_code]
    open_ones = [] if State.CLOSED in states else [is_open()]
    return [written, *open_ones, *desk.within(post)]


def _names(post: HeldPost, references: Iterable[str]) -> bool:
    return any(_is_meant(post, *reference.split(".")) for reference in references)


def _is_meant(post: HeldPost, owner: str, kind: str) -> bool:
    """Whether a reference of a rule means posts such as this one (models/routing.py, post_for)."""
    if post.kind != ("handler" if owner == "issue" else kind):
        return False
    if owner in ("unit", "issue"):
        return post.owner_kind is OwnerKind.UNIT
    if owner == "point":
        return post.owner_kind is OwnerKind.POINT
    return post.owner_kind is OwnerKind.AREA and post.level == int(owner[1:]) and PostKind(kind) not in UNIT_POSTS


def _taken(ranks: list[int]) -> Branch:
    """One of these steps. What follows from it lets an index answer: the highest step, and the rare ones."""
    found = [_bits(sum(1 << rank for rank in ranks)), col(Issue.step) >= min(ranks)]
    return [*found, _bits(448)] if min(ranks) >= RARE_STEP else found


def _bits(mask: int) -> ColumnElement[bool]:
    return col(Issue.steps_taken).op("&")(literal_column(str(mask))) > literal_column("0")

"""What climbed to somebody: issues whose ladder, or the clock of another stage, has told one of their posts.

Read from the rules that each issue keeps: which steps name a post of this kind. Whoever does the work itself finds it
on the piles of the work, and not here again.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col

from models.issue import Issue
from models.ladder import FIRST_STAGE_BIT
from models.lifecycle import RUNNING, State
from models.rights import HeldPost
from models.rules import Rules
from models.unit import UNIT_POSTS, OwnerKind, PostKind
from services.filters import RARE_STEP, is_open, state_is
from services.work_desk import Desk

Branch = list[ColumnElement[bool]]
Ranks = tuple[int, ...]
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
    for (unsigned, passed), held in desk.by_rules(lambda rules: _steps_for(post, rules)):
        for ranks, states in ((unsigned, [State.ASSIGNED]), (passed, sorted(RUNNING))):
            if ranks:
                yield [*_place(post, desk, states), *_taken(ranks), *held]


def _steps_for(post: HeldPost, rules: Rules) -> tuple[Ranks, Ranks]:
    """The steps that tell such a post: of the clock of signing in, and of the deadline."""
    told = [step for step in rules.ladder if _names(post, (*step.territorial, *step.departmental, *step.copied))]
    unsigned = tuple(step.rank for step in told if step.start == "sign_in_due")
    return unsigned, tuple(step.rank for step in told if step.start in ("share", "due"))


def _by_late_stages(post: HeldPost, desk: Desk) -> Iterator[Branch]:
    late = col(Issue.stage_due_at) <= desk.now
    for stages, held in desk.by_rules(lambda rules: _stages_for(post, rules)):
        for bit, stage in stages:
            yield [*_place(post, desk, [stage]), _bits(1 << bit), late, *held]


def _stages_for(post: HeldPost, rules: Rules) -> tuple[tuple[int, State], ...]:
    """The stages whose late clock tells such a post, each with its bit of `issue.steps_taken`."""
    numbered = enumerate(rules.stages, start=FIRST_STAGE_BIT)
    return tuple(
        (bit, step.stage)
        for bit, step in numbered
        if _names(post, step.posts) and (post.kind, step.stage) not in OWN_PILES
    )


def _place(post: HeldPost, desk: Desk, states: Sequence[State]) -> Branch:
    """What lies in the scope of a post in these states."""
    if post.owner_kind is OwnerKind.UNIT:
        return desk.of_unit(post.owner_code, *states)
    written = state_is(*states)
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


def _taken(ranks: Ranks) -> Branch:
    """One of these steps. What follows from it lets an index answer: the highest step, and the rare ones."""
    found = [_bits(sum(1 << rank for rank in ranks)), col(Issue.step) >= min(ranks)]
    return [*found, _bits(448)] if min(ranks) >= RARE_STEP else found


def _bits(mask: int) -> ColumnElement[bool]:
    return col(Issue.steps_taken).op("&")(literal_column(str(mask))) > literal_column("0")

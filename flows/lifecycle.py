"""One round over the stages of an issue's life, every minute, never two at once. `duban tick` does the same by hand."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State as RunState
from prefect.states import Failed

from flows.artifacts import show_round
from flows.assigned import assigned
from flows.closed_out import closed_out, look_back
from flows.common import Duban, done, duban, gave_way, superseded
from flows.deadline import deadline, milestone
from flows.found import found
from flows.rectified import look_at_photos, photos_wait, rectified
from flows.verified import verified
from models.lifecycle import State
from runtime import clock
from services import rounds, standings
from services.sweeps import StageCounts, one_round, something_due

EVERY = timedelta(minutes=1)
STAGES: Mapping[State, Any] = {
    State.FOUND: found,
    State.ASSIGNED: assigned,
    State.RECTIFYING: deadline,
    State.SHELVED: milestone,
    State.RECTIFIED: rectified,
    State.VERIFIED: verified,
    State.CLOSED: look_back,
}


@dataclass(frozen=True)
class Round:
    """What one round did. `stages` has those in which something was due."""

    now: datetime
    stages: tuple[StageCounts, ...] = ()
    passed_up: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def moved(self) -> int:
        return sum(sum(stage.moved.values()) for stage in self.stages)

    @property
    def set_aside(self) -> int:
        return sum(stage.set_aside for stage in self.stages)


@flow(name="lifecycle", persist_result=False)
async def lifecycle() -> RunState[Round]:
    """推进全部问题的生命周期：待交办、待签收、整改期限、待复核、待销号、收尾。
    Moves whatever is due, stage by stage, and shows what moved.
    """
    if superseded(every=EVERY):
        return gave_way("A newer round is due; it does the work of this one too.")
    with duban() as here, one_round(here.sessions) as alone:
        if not alone:
            return gave_way("Another round is under way.")
        round_ = await _round(here)
        await show_round(round_.stages, at=here.local(round_.now), link=here.settings.public_url)
    return _end(round_)


async def _round(here: Duban) -> Round:
    """Only stages in which something is due become tasks; an idle minute costs one look at each."""
    started, now = clock.system_now(), here.now()
    counts = []
    for state, stage in STAGES.items():
        if await asyncio.to_thread(something_due, here.sessions, state, now=now):
            counts.append(await stage(here.sessions, now))
    if not counts:
        get_run_logger().info("Nothing is due in: %s", ", ".join(STAGES))
    if await asyncio.to_thread(photos_wait, here):
        await look_at_photos(here, now)
    passed_up = await closed_out(here.sessions, now)
    here.tell_of_clock(now=now)
    with here.sessions() as session:
        rounds.ended(session, at=clock.true_now(session), took=clock.system_now() - started)
        standings.settle_if_many(session, now=now)
        session.commit()
    return Round(now, tuple(counts), passed_up, (clock.system_now() - started).total_seconds())


def _end(round_: Round) -> RunState[Round]:
    """A run that had to set a row aside fails, so that it is seen; everything else has moved all the same."""
    message = f"{round_.moved} moved, {round_.passed_up} passed up, {round_.set_aside} set aside"
    return Failed(message=message, data=round_) if round_.set_aside else done(round_, message)

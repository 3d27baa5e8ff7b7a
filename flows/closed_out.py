"""Closed out 销号: what was drawn is looked at again (回头看). The end of a round: messages held back for digests go
out, what reached nobody goes up a post.
"""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.reach import pass_up
from services.round_end import end_round
from services.sweeps import Sessions, StageCounts, sweep


@patient("look_back 回头看", stage="closed_out")
async def look_back(sessions: Sessions, now: datetime) -> StageCounts:
    """Closed issues that were drawn, after their week: somebody is asked to go back and look."""
    return await asyncio.to_thread(sweep, sessions, State.CLOSED, now=now)


@patient("closed_out 收尾", stage="closed_out")
async def closed_out(sessions: Sessions, now: datetime) -> int:
    """Stand-down notices and the round's other messages are let go. Returns how many were passed up."""
    await asyncio.to_thread(end_round, sessions, now=now)
    return await asyncio.to_thread(passed_up, sessions, now=now)


def passed_up(sessions: Sessions, *, now: datetime) -> int:
    """One batch of messages that reached nobody, in its own transaction."""
    with sessions() as session:
        count = pass_up(session, now=now)
        session.commit()
    return count

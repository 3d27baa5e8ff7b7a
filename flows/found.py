"""Found 待交办: triage. Duplicates, routing and priority are proposed; what nobody assigns in time goes up."""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.sweeps import Sessions, StageCounts, sweep


@patient("found 待交办", stage="found")
async def found(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues that nobody has been given yet."""
    return await asyncio.to_thread(sweep, sessions, State.FOUND, now=now)

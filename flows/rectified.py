"""Rectified 待复核: an independent verifier is called, and the verification clock runs."""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.sweeps import Sessions, StageCounts, sweep


@patient("rectified 待复核", stage="rectified")
async def rectified(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues whose proof waits to be checked."""
    return await asyncio.to_thread(sweep, sessions, State.RECTIFIED, now=now)

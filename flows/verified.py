"""Verified 待销号: closed out as soon as every close-out condition holds; what is missing too long goes up."""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.sweeps import Sessions, StageCounts, sweep


@patient("verified 待销号", stage="verified")
async def verified(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues that passed the check."""
    return await asyncio.to_thread(sweep, sessions, State.VERIFIED, now=now)

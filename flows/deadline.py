"""Deadline 整改中: warn at a share of the limit, tell that it is overdue, climb the five levels. 挂账: milestones."""

import asyncio
from datetime import datetime

from flows.common import patient
from models.lifecycle import State
from services.sweeps import Sessions, StageCounts, sweep


@patient("deadline 整改期限", stage="deadline")
async def deadline(sessions: Sessions, now: datetime) -> StageCounts:
    """Everything due among the issues that are being put right."""
    return await asyncio.to_thread(sweep, sessions, State.RECTIFYING, now=now)


@patient("milestone 挂账节点", stage="deadline")
async def milestone(sessions: Sessions, now: datetime) -> StageCounts:
    """Shelved issues whose milestone has come: their clock runs again."""
    return await asyncio.to_thread(sweep, sessions, State.SHELVED, now=now)

"""After a crash Prefect goes on believing in runs whose process is gone, and they may hold up the next ones.

Each flow run writes a file with its process number (flows/common.py). A file without that process is a dead run.
"""

import os
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psutil
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.common import RUNNING
from runtime.settings import Settings

UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
LONGEST = defaultdict(lambda: timedelta(hours=1), {StateType.PENDING: timedelta(minutes=2)})
"""A run that was taken on but has not begun by then never will. One that has begun ends within minutes."""


async def clear_dead_runs(settings: Settings, *, now: datetime) -> int:
    """Mark this machine's dead runs as crashed; returns how many. `now` is the true time: other machines' runs live."""
    folder = settings.home / RUNNING
    dead = {UUID(file.name): file for file in folder.glob("*-*") if not _lives(file)}
    async with get_client() as client:
        runs = [*await _runs(client, list(dead)), *await _hopeless(client, now=now)]
        for run in runs:
            await client.set_flow_run_state(run.id, Crashed(message="Its process is gone 运行进程已不在."))
    for file in dead.values():
        file.unlink(missing_ok=True)
    return len(runs)


def _lives(file: Path) -> bool:
    try:
        process = psutil.Process(int(file.read_text()))
        return process.pid != os.getpid() and bool(process.create_time() <= file.stat().st_mtime)
    except (OSError, ValueError, psutil.Error):
        return False


async def _runs(client: PrefectClient, ids: list[UUID]) -> list[FlowRun]:
    """Those of the runs that Prefect still believes to be under way."""
    if not ids:
        return []
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=ids), state=_under_way(UNDER_WAY))
    return await client.read_flow_runs(flow_run_filter=wanted)


async def _hopeless(client: PrefectClient, *, now: datetime) -> list[FlowRun]:
    """Runs of any machine that have been in one state far longer than any of ours ever is."""
    runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=_under_way(UNDER_WAY)))
    return [run for run in runs if run.state and run.state.timestamp < now - LONGEST[run.state.type]]


def _under_way(types: list[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=types))

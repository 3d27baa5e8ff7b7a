"""Housekeeping 夜间整理: seals the past day, sweeps up stray photos, prunes old runs, watches the calendar's end."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.exceptions import ObjectNotFound

from flows.common import Duban, done, duban, gave_way, patient, superseded
from runtime import clock
from services import developing, hooks_log, kept_answers, outbox_counts, standings, uploads
from services.accountability.rounds import every_night
from services.accounts.tidying import tidy
from services.evidence import UNNAMED_FOR, sweep_up
from services.following import forget
from services.horizon import warn_of_horizon
from services.patrols.planning import plan
from services.seal import seal_day

EVERY = timedelta(days=1)
ROUTINE = ["lifecycle", "deliver", "watchdog"]
KEEP_ROUTINE = timedelta(days=3)
"""Two thousand routine runs a day would be gigabytes in a month. Runs of other flows stay for 30 days (Prefect's own
vacuum); what has happened to the issues stays in our record for ever."""
ENDED_WELL = [StateType.COMPLETED, StateType.CANCELLED]
PAGE, AT_ONCE, MOST_PAGES = 200, 5, 50


@dataclass(frozen=True)
class Housekeeping:
    """What one night did."""

    days_sealed: int
    told_of_calendar: int
    files_swept: int
    runs_pruned: int
    proposed: int = 0


@flow(name="housekeeping", persist_result=False)
async def housekeeping() -> State[Housekeeping]:
    """封存前一日记录，提醒日历有效期，清理无主证据文件和旧的运行记录。
    Seals the past days, tells whom it concerns when the calendar runs out, sweeps up stray photos, prunes old runs.
    """
    if superseded(every=EVERY):
        return gave_way("A newer run is due; it does the work of this one too.")
    with duban() as here:
        sealed = await seal(here)
        told = await calendar_horizon(here)
        proposed = await hold_to_account(here)
        swept = await sweep_evidence(here)
        pruned = await prune()
    summary = Housekeeping(sealed, told, swept, pruned, proposed)
    words = (
        f"{sealed} days sealed, {told} told of the calendar, {swept} stray files swept up, {pruned} old runs pruned,"
        f" {proposed} measures proposed"
    )
    return done(summary, words)


@patient("seal 封存", stage="watch")
async def seal(here: Duban) -> int:
    """Close every finished day with its hash, and put together what the boards count."""
    return await asyncio.to_thread(_seal, here)


def _seal(here: Duban) -> int:
    with here.sessions() as session:
        sealed = int(seal_day(session, now=clock.now(session)) is not None)
        standings.settle(session, now=clock.now(session))
        outbox_counts.settle(session)
        kept_answers.sweep(session, now=clock.true_now(session))
        session.commit()
    return sealed


@patient("accountability 督查问责", stage="watch")
async def hold_to_account(here: Duban) -> int:
    """Plan the chiefs' patrols, count those that were missed, and propose what the rules see of whole units."""
    return await asyncio.to_thread(_hold_to_account, here)


def _hold_to_account(here: Duban) -> int:
    with here.sessions() as session:
        plan(session, now=clock.now(session))
        session.commit()
        proposed = every_night(session, now=clock.now(session))
        session.commit()
    return proposed


@patient("calendar 日历", stage="watch")
async def calendar_horizon(here: Duban) -> int:
    """Ask for the next holiday notice in time."""
    return await asyncio.to_thread(_calendar_horizon, here)


def _calendar_horizon(here: Duban) -> int:
    with here.sessions() as session:
        told = warn_of_horizon(session, now=clock.now(session))
        session.commit()
    return told


@patient("evidence 证据", stage="watch")
async def sweep_evidence(here: Duban) -> int:
    """Delete uploads that no form named, and files that no row names: their process died weeks ago. Old links too."""
    return await asyncio.to_thread(_sweep_evidence, here)


def _sweep_evidence(here: Duban) -> int:
    at = clock.system_now()
    with here.sessions() as session:
        uploads.forget(session, here.settings.uploads, now=at)
        developing.forget_unused(session, before=at - UNNAMED_FOR)
        session.commit()
        swept = sweep_up(session, here.settings.evidence, at=at)
        forget(session, now=clock.now(session))
        tidy(session, now=at)
        hooks_log.forget(session, now=at)
        session.commit()
    return swept.unfinished + swept.unnamed


@patient("prune 清理", stage="watch")
async def prune() -> int:
    """Delete old routine runs that ended well. Failed ones stay for somebody to look at."""
    pruned = 0
    async with get_client() as client:
        for _ in range(MOST_PAGES):
            deleted = await _prune_page(client)
            pruned += deleted
            if deleted < PAGE:
                break
    return pruned


async def _prune_page(client: PrefectClient) -> int:
    old = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=ENDED_WELL)),
        end_time=FlowRunFilterEndTime.model_validate({"before_": clock.system_now() - KEEP_ROUTINE}),
    )
    flows = FlowFilter(name=FlowFilterName(any_=ROUTINE))
    runs = await client.read_flow_runs(flow_filter=flows, flow_run_filter=old, limit=PAGE)
    for start in range(0, len(runs), AT_ONCE):
        await asyncio.gather(*(_delete(client, run.id) for run in runs[start : start + AT_ONCE]))
    return len(runs)


async def _delete(client: PrefectClient, run: UUID) -> None:
    with suppress(ObjectNotFound):
        await client.delete_flow_run(run)

"""What all flows share: the database they work on, tasks that try again, whether a run still makes sense."""

import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed, Failed

from models.errors import DubanError
from runtime import clock
from runtime.database import make_engine, open_database, session_factory
from runtime.i18n import say, using
from runtime.settings import Settings, load_settings
from runtime.stopping import this_machine
from runtime.transient import is_transient
from services import rounds
from services.rulebook import the_city
from services.sweeps import Sessions

P = ParamSpec("P")
R = TypeVar("R")
RETRY_AFTER = [1.0, 5.0, 15.0]
"""Seconds before each further try of a task."""
PATIENCE = 60.0
"""Seconds that a flow waits for a database that says nothing: shorter than a lease of Prefect's, so that a task can try
again within its run."""
RUNNING = "running"
"""Folder of the data folder: one file per flow run of this machine, named by its id, with the process number."""


@dataclass(frozen=True)
class Duban:
    """Our side of a flow run. `url` is the database's."""

    settings: Settings
    sessions: Sessions
    url: str

    def local(self, at: datetime) -> datetime:
        """An instant as the city's clocks show it."""
        with self.sessions() as session:
            return at.astimezone(ZoneInfo(the_city(session).timezone))

    def now(self) -> datetime:
        """The city's time, UTC."""
        with self.sessions() as session:
            return clock.now(session)

    def true_now(self) -> datetime:
        """Real time, whatever a demo city's clock shows."""
        with self.sessions() as session:
            return clock.true_now(session)

    def tell_of_clock(self, *, now: datetime) -> None:
        """Let the duty officer know when this machine's clock is wrong, and when it is right again."""
        with self.sessions() as session:
            rounds.tell_clock(session, machine=this_machine(), ahead=clock.skew(session), now=now)
            session.commit()


@contextmanager
def duban() -> Iterator[Duban]:
    """Settings and database of this process, for the length of one flow run."""
    settings = load_settings()
    with open_database(settings) as database, _on_the_list(settings):
        engine = make_engine(database.url, patience=PATIENCE)
        try:
            yield Duban(settings, session_factory(engine), database.url)
        finally:
            engine.dispose()


@contextmanager
def _on_the_list(settings: Settings) -> Iterator[None]:
    """Say that this process has the run: whoever finds the file without the process knows that the run is dead.

    A run that is told to end in the middle leaves the file: whether Prefect still hears of its end is not certain.
    """
    run = FlowRunContext.get()
    if run is None or run.flow_run is None:
        yield
        return
    file = settings.home / RUNNING / str(run.flow_run.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(os.getpid()))
    try:
        yield
    except Exception:
        file.unlink(missing_ok=True)
        raise
    file.unlink(missing_ok=True)


def patient(
    name: str, *, stage: str | None = None
) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Task[P, Coroutine[Any, Any, R]]]:
    """A task that tries again when the database or the network failed, and only then. Its result is not kept."""
    return task(
        name=name,
        task_run_name=name,
        tags=[f"stage:{stage}"] if stage else None,
        retries=len(RETRY_AFTER),
        retry_delay_seconds=RETRY_AFTER,
        retry_condition_fn=_worth_another_try,
        persist_result=False,
        cache_policy=NO_CACHE,
    )


def _worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return is_transient(state.data)


def superseded(*, every: timedelta) -> bool:
    """Whether this run is so late that the next slot of its schedule is due too: that one does the work of both.

    A run that somebody asked for is never superseded, nor one that only looks late by a wrong clock of this machine: it
    would else give way for ever.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or not run.auto_scheduled or run.expected_start_time is None:
        return False
    late = clock.system_now() - run.expected_start_time
    return late >= every and late - _skew() >= every


def _skew() -> timedelta:
    """How far this machine's clock is wrong; only who looks late has to ask."""
    with duban() as here, here.sessions() as session:
        return clock.skew(session)


def lateness() -> timedelta:
    """How long after its slot this run works; zero for a run that is early, and outside of a run."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.expected_start_time is None:
        return timedelta()
    return max(clock.system_now() - run.expected_start_time, timedelta())


def run_id() -> str | None:
    """The id of the flow run we are in."""
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else None


def done(summary: R, message: str) -> State[R]:
    """The end of a run that went well: the caller gets the summary, the run's page shows the message."""
    return Completed(message=message, data=summary)


def gave_way(message: str) -> State[Any]:
    """The end of a run that left its work to another one."""
    return Cancelled(message=message)


def refused(error: DubanError) -> State[Any]:
    """The end of a run whose input the rules refuse: said in both languages, without a traceback."""
    with using("zh-CN"):
        chinese = say(error)
    return Failed(message=f"{chinese} / {error}")

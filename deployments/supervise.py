"""`duban up`: everything on one machine. PostgreSQL, Prefect's server, the flow server and the web page.

1. Make sure that nobody else runs here and that the ports are free.
2. Start the database and Prefect's server; meanwhile migrate and, the first time, load the city.
3. Start the web page and, once Prefect answers, the flow server.
4. Look after them until somebody says stop; then stop them in the opposite order.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

import httpx
import psycopg

from deployments import guard
from deployments.children import Child
from deployments.demo_addresses import demo_addresses
from deployments.demo_life import Watched
from deployments.environment import environment, prefect_url
from deployments.errors import AlreadyRunning
from deployments.first_time import prepare
from deployments.keeper import Keeper
from deployments.pacemaker import Pacemaker
from deployments.ports import check_ports
from runtime.database import Database, make_engine, open_database, session_factory
from runtime.i18n import gettext as _
from runtime.listening import ring
from runtime.settings import Settings
from runtime.stopping import STOP, this_machine

READY_WITHIN = 180.0
"""Seconds. The first start of Prefect's server makes its tables."""
DRAIN = 10.0
"""Seconds that running flows get to end by themselves."""
LOOK_EVERY = 0.5
"""Seconds."""
PATIENCE = 3.0
"""Seconds that this process waits for the database: it also listens for a stop, which must not be held up."""


@dataclass
class Orders:
    """What signals have told us. The first asks to stop, the second to hurry.

    Plain flags: the handler interrupts the very thread that waits, and would deadlock on the lock of an Event.
    """

    stop: bool = False
    hurry: bool = False

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop, self.hurry = True, self.stop

    def wait(self, seconds: float) -> bool:
        """Whether somebody has said stop; asked after so many seconds."""
        if not self.stop:
            time.sleep(seconds)
        return self.stop


@dataclass
class Running:
    """All that is up."""

    settings: Settings
    database: Database
    say: Callable[[str], None]
    children: dict[str, Child]
    life: Child
    orders: Orders


def up(settings: Settings, *, out: TextIO | None = None) -> None:
    """Run Duban until SIGINT or SIGTERM. Call it in the main thread.

    Raises AlreadyRunning, PortInUse, DidNotStart, DatabaseTrouble, BadRows.
    """
    stream = out or sys.stdout

    def say(text: str) -> None:
        stream.write(f"{text}\n")
        stream.flush()

    orders = Orders()
    with ExitStack() as stack:
        stack.enter_context(_alone(settings.home))
        check_ports(settings)
        stack.enter_context(_signals(orders))
        say(_("Duban is starting …"))
        database = stack.enter_context(open_database(settings))
        tell = stack.enter_context(_guarded(settings, database))
        children = _children(settings, database, tell=tell)
        life = _child("demo", "deployments.demo_life", settings, database, tell=tell)
        running = Running(settings, database, say, children, life, orders)
        stack.callback(_say_bye, running, tell)
        stack.callback(_stop_all, running)
        if _start_all(running):
            _look_after(running)
        say(_("Duban is stopping …"))
    say(_("Duban has stopped. Your data are in {folder}").format(folder=settings.home))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the data folder: two sets of processes on one folder would fight over it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(folder=home, pid=file.read().strip() or "?") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextmanager
def _signals(orders: Orders) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, orders.on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _guarded(settings: Settings, database: Database) -> Iterator[Callable[[str], None]]:
    """What was not stopped when this ends is the guard's to stop, unless it has heard a bye."""
    watching = guard.start(settings.home / "postgres" if database.cluster else None)
    try:
        yield lambda word: guard.tell(watching, word)
    finally:
        if watching.stdin:
            watching.stdin.close()
        watching.wait()


def _children(settings: Settings, database: Database, *, tell: Callable[[str], None]) -> dict[str, Child]:
    """In the order in which they are started; stopped in the opposite one."""
    modules = {"prefect": "deployments.prefect_server", "web": "web", "flows": "deployments.serve"}
    return {name: _child(name, module, settings, database, tell=tell) for name, module in modules.items()}


def _child(name: str, module: str, settings: Settings, database: Database, *, tell: Callable[[str], None]) -> Child:
    log = settings.home / "logs" / f"{name}.log"
    return Child(name, module, log, environment(settings, database), tell)


def _start_all(running: Running) -> bool:
    """False when somebody said stop on the way."""
    running.children["prefect"].start()
    engine = make_engine(running.database.url)
    try:
        prepare(running.settings, engine, say=running.say)
    finally:
        engine.dispose()
    running.children["web"].start()
    running.say(_("Waiting for Prefect's server …"))
    if not _wait_for(running, "prefect", f"{prefect_url(running.settings)}/api/ready"):
        return False
    running.children["flows"].start()
    host = "127.0.0.1" if running.settings.web_host in {"0.0.0.0", "::"} else running.settings.web_host
    if not _wait_for(running, "web", f"http://{host}:{running.settings.web_port}/healthz"):
        return False
    running.say(where_everything_is(running.settings))
    if demo := demo_addresses(running.settings, running.database.url):
        running.say(demo)
    return True


def _wait_for(running: Running, name: str, url: str) -> bool:
    """Until it answers. False when somebody says stop. Raises DidNotStart when it ends, or takes too long."""
    child = running.children[name]
    give_up = time.monotonic() + READY_WITHIN
    while not running.orders.wait(LOOK_EVERY):
        if not child.runs or time.monotonic() > give_up:
            raise child.did_not_start()
        try:
            if httpx.get(url, timeout=5.0, trust_env=False).is_success:
                return True
        except httpx.TransportError:
            continue
    return False


def where_everything_is(settings: Settings) -> str:
    """What the user needs to know, as lines."""
    lines = {
        _("Web page"): settings.public_url,
        _("Prefect"): prefect_url(settings),
        _("Data"): settings.home,
        _("Logs"): settings.home / "logs",
        _("Stop"): _("Ctrl-C (or SIGTERM to this process)"),
    }
    return "\n".join([_("Duban is running."), *(f"  {name}: {value}" for name, value in lines.items())])


def _look_after(running: Running) -> None:
    """Start again what dies, and watch that rounds happen, until somebody says stop."""
    engine = make_engine(running.database.url, patience=PATIENCE)
    pacemaker = Pacemaker(running.settings, session_factory(engine), say=running.say)
    keeper = Keeper(running.database.cluster, say=running.say)
    life = Watched(running.life, session_factory(engine), say=running.say)
    try:
        life.begin()
        while not running.orders.wait(LOOK_EVERY):
            keeper.look()
            for child in running.children.values():
                if (code := child.look_after()) is not None:
                    words = _("{name} has ended unexpectedly (exit code {code}) and is started again. Its log: {log}")
                    running.say(words.format(name=child.name, code=code, log=child.log))
            pacemaker.look()
            life.look()
    finally:
        engine.dispose()


def _stop_all(running: Running) -> None:
    """Let running flows end, then stop the flow server, the web page and Prefect's server.

    When one of these steps fails, the others are still taken.
    """
    flows = running.children["flows"]
    with ExitStack() as stack:  # the last one in is the first one stopped
        stack.callback(running.children["prefect"].stop, grace=10.0)
        stack.callback(running.children["web"].stop, grace=5.0)
        stack.callback(flows.stop, grace=5.0)
        stack.callback(running.life.stop, grace=2.0)
        if flows.runs:
            _drain(running, flows)


def _say_bye(running: Running, tell: Callable[[str], None]) -> None:
    """Only when nothing is left for the guard to stop."""
    if all(child.process is None for child in (*running.children.values(), running.life)):
        tell("bye")


def _drain(running: Running, flows: Child) -> None:
    """Tell the long ones to end, and wait for all; a second signal cuts it short."""
    with suppress(psycopg.Error):  # a database that is gone: the flows notice by themselves, or are stopped
        ring(running.database.url, channel=STOP, text=this_machine())
    give_up = time.monotonic() + DRAIN
    while flows.offspring() and time.monotonic() < give_up and not running.orders.hurry:
        time.sleep(LOOK_EVERY)

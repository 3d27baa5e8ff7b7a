"""`place` gives a fresh copy of a filled database; `finished` tells how an unhurt twin of it ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster
from runtime.database import make_engine
from tests import bed
from tests.crash.counting import snapshot
from tests.crash.works import WORKS, Job
from tests.small_city import a_city

Fill = Callable[[Session], None]
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """One database to work on."""

    url: str
    engine: Engine

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def job(self, now: datetime, **given: Any) -> Job:
        return Job(self.url, now, **given)


@dataclass
class Stock:
    """Filled databases to copy from, and how their twins ended; each is made once in a run."""

    cluster: Cluster
    template: str
    worker: str
    stack: ExitStack
    filled: dict[Fill, str] = field(default_factory=dict)
    ended: dict[Any, Any] = field(default_factory=dict)

    def copy(self, source: str, stack: ExitStack) -> Place:
        name = f"crash_{self.worker}_{next(_numbers)}"
        url = stack.enter_context(bed.copy_of(source, cluster=self.cluster, name=name))
        engine = make_engine(url)
        stack.callback(engine.dispose)
        return Place(url, engine)

    def name_of(self, fill: Fill) -> str:
        """A database with the small city and what `fill` puts into it, which nobody is connected to."""
        if fill not in self.filled:
            place = self.copy(self.template, self.stack)
            with place.session() as session:
                a_city(session)
                fill(session)
                session.commit()
            place.engine.dispose()
            self.filled[fill] = str(place.engine.url.database)
        return self.filled[fill]


@pytest.fixture(scope="session")
def stock(cluster: Cluster, template: str, worker: str) -> Iterator[Stock]:
    with ExitStack() as stack:
        yield Stock(cluster, template, worker, stack)


@pytest.fixture
def place(stock: Stock) -> Iterator[Callable[[Fill], Place]]:
    with ExitStack() as stack:
        yield lambda fill: stock.copy(stock.name_of(fill), stack)


@pytest.fixture
def finished(stock: Stock) -> Callable[..., dict[str, list[str]]]:
    """The whole database of a twin that was not struck."""

    def of(fill: Fill, work: str, now: datetime, **given: Any) -> dict[str, list[str]]:
        key = (fill, work, now, given.get("typed"))
        if key not in stock.ended:
            with ExitStack() as stack:
                twin = stock.copy(stock.name_of(fill), stack)
                WORKS[work](twin.job(now, **given))
                stock.ended[key] = snapshot(twin.engine)
        ended: dict[str, list[str]] = stock.ended[key]
        return ended

    return of

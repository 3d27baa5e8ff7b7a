"""Opening the database for one command, in one place: settings, migration when needed, the city, who acts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cli import times
from cli.errors import NobodyActs, NoCity
from runtime.errors import DatabaseTrouble
from runtime.logs import mask

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from models.rights import Actor
    from runtime.settings import Settings


@dataclass(frozen=True)
class Work:
    """What a command works with."""

    settings: "Settings"
    engine: "Engine"
    sessions: "Callable[[], Session]"

    def now(self) -> "datetime":
        """The city's time, a demo city's moved clock included."""
        from runtime import clock

        with self.sessions() as session:
            return clock.now(session)

    def actor(self, session: "Session", code: str | None, *, now: "datetime") -> "Actor":
        """Who acts: --as, else DUBAN_ACTOR. Raises NobodyActs, NotFound."""
        from services import people

        return people.actor(session, self.who(code), now=now)

    def who(self, code: str | None) -> str:
        """The code of who acts. Raises NobodyActs."""
        named = (code or self.settings.actor or "").strip()
        if not named:
            raise NobodyActs()
        return named


@contextmanager
def opened(*, empty: bool = False) -> Iterator[Work]:
    """Everything one command needs, closed again at its end.

    Raises NoCity where no city is loaded, unless `empty`; DatabaseTrouble, BadSettings.
    """
    from sqlalchemy.exc import OperationalError

    from runtime.database import session_factory

    settings = read_settings()
    try:
        with connected(settings) as engine:
            work = Work(settings, engine, session_factory(engine))
            _meet_the_city(work, empty=empty)
            yield work
    except OperationalError as error:
        why = str(error.orig or error).strip().splitlines()
        raise DatabaseTrouble(folder=_where(settings), why=mask(why[0] if why else "")) from error


def read_settings() -> "Settings":
    """The settings of this process. Raises BadSettings."""
    from runtime.settings import load_settings

    return load_settings()


@contextmanager
def connected(settings: "Settings") -> Iterator["Engine"]:
    """The database, migrated when it is older than the code; the embedded server runs meanwhile."""
    from runtime.database import make_engine, open_database

    with open_database(settings) as database:
        engine = make_engine(database.url)
        try:
            bring_up_to_date(engine)
            yield engine
        finally:
            engine.dispose()


def bring_up_to_date(engine: "Engine") -> bool:
    """Migrate when needed, and say whether it was. Asking is quick; loading Alembic is not."""
    from runtime.database import migrate

    if revision(engine) == newest_revision():
        return False
    migrate(engine)
    return True


def revision(engine: "Engine") -> str | None:
    """The schema's revision in the database; None where there is none yet."""
    from sqlalchemy import text

    with engine.connect() as connection:
        if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@cache
def newest_revision() -> str:
    """The revision that the code expects: files are named by theirs, in order."""
    from runtime.database import MIGRATIONS

    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _meet_the_city(work: Work, *, empty: bool) -> None:
    from sqlmodel import select

    from models.city import City

    with work.sessions() as session:
        zone = session.exec(select(City.timezone)).first()
    if zone is not None:
        times.use_zone(zone)
    elif not empty:
        raise NoCity()


def _where(settings: "Settings") -> str:
    if settings.database_url is None:
        return str(settings.home)
    return mask(settings.database_url.get_secret_value())

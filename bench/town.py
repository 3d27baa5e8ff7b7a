"""The example city for long measurements: its pack loaded, its people and points at hand."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from models.calendar import Calendar
from models.routing import UNIT_CHAIN
from runtime import clock
from runtime.database import make_engine, migrate
from services import rulebook
from services.cities import load, read_pack

PACK = Path(__file__).resolve().parent.parent / "cities" / "zigong"


@dataclass(frozen=True)
class Town:
    """`handlers`: who answers in each unit, by the first post that is held. `points`: code, category."""

    city: str
    calendar: Calendar
    handlers: Mapping[str, str]
    holders: Mapping[str, str]
    points: tuple[tuple[str, str], ...]
    standards: Mapping[str, tuple[str, ...]]


@contextmanager
def a_town_database(fresh: Callable[[str], Engine], name: str) -> Iterator[Engine]:
    """A migrated database beside those of the small city, with nothing in it."""
    with fresh("small_city").connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = connection.engine.url.set(database=name)
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


def load_town(engine: Engine) -> Town:
    """Load the pack at the machine's time and read back what a year needs. Commits."""
    with Session(engine, expire_on_commit=False) as session:
        load(session, read_pack(PACK), now=clock.now(session))
        session.commit()
        connection = session.connection()
        held = "SELECT post_code, person_code FROM tenure WHERE valid_to IS NULL ORDER BY id DESC"
        holders = dict(connection.execute(text(held)).tuples().all())
        units = connection.execute(text("SELECT code FROM unit")).scalars().all()
        ranks = {unit: [holders.get(f"{unit}:{kind}") for kind in UNIT_CHAIN] for unit in units}
        points = connection.execute(text("SELECT code, category_code FROM point WHERE NOT closed ORDER BY code"))
        city = rulebook.the_city(session)
        return Town(
            city=city.code,
            calendar=rulebook.calendar(session, city.calendar_version or 0),
            handlers={unit: next(filter(None, several), "") for unit, several in ranks.items()},
            holders=holders,
            points=tuple(points.tuples().all()),
            standards=_standards(session),
        )


def _standards(session: Session) -> Mapping[str, tuple[str, ...]]:
    """By category, of the newest edition that the city's points belong to."""
    query = (
        "SELECT s.category_code, s.code FROM standard s JOIN evaluation_version v ON v.code = s.version_code"
        " WHERE v.code = (SELECT code FROM evaluation_version WHERE valid_from <= now()"
        " ORDER BY valid_from DESC, code LIMIT 1) ORDER BY s.code"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for category, code in session.connection().execute(text(query)):
        found[category].append(code)
    return {category: tuple(codes) for category, codes in found.items()}

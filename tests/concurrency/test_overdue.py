"""Ten thousand overdue issues: eight processes side by side, rounds at once, and three days down."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster
from runtime.database import make_engine
from services import sweeps
from services.sweeps import STAGES, Sessions
from tests import bed
from tests.cast import at
from tests.concurrency.crowd import deadlocks, in_processes, is_sealed, many, rows, trails, value
from tests.notifications.desk import Memory, doors, run
from tests.small_city import a_city

COUNT, WORKERS = 10_000, 8
DUE = at("2026-11-05 17:00")
BACK = at("2026-11-09 10:00")  # three days later, a Monday morning
OLDER, URGENT, AT_ONCE = 5, 20, 3
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def crowd(cluster: Cluster, template: str, worker: str) -> Iterator[str]:
    """The name of a database with the overdue issues in it, to copy from."""
    name = f"crowd_{worker}"
    with bed.copy_of(template, cluster=cluster, name=name) as url:
        engine = make_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            a_city(session)
            many(session, COUNT)
        engine.dispose()
        yield name


@pytest.fixture
def database_url(cluster: Cluster, crowd: str, worker: str) -> Iterator[str]:
    with bed.copy_of(crowd, cluster=cluster, name=f"{crowd}_copy") as url:
        yield url


def sweep_all(sessions: Sessions, _: int) -> int:
    return sum(sweeps.sweep(sessions, stage, now=DUE, batch=200).due for stage in STAGES)


def test_eight_processes_share_them_and_take_each_step_once(session: Session, database_url: str) -> None:
    shares = in_processes(WORKERS, sweep_all, url=database_url)

    assert sum(shares) == COUNT
    assert all(shares)
    assert_all_done_once(session)


def test_of_eight_rounds_at_once_one_does_everything(session: Session, database_url: str) -> None:
    rounds = in_processes(WORKERS, lambda sessions, _: sweeps.tick(sessions, now=DUE), url=database_url)

    assert sorted(one.due for one in rounds) == [0] * (WORKERS - 1) + [COUNT]
    assert sum(not one.skipped for one in rounds) >= 1
    assert_all_done_once(session)


def assert_all_done_once(session: Session) -> None:
    assert trails(session) == {"escalate E1, escalate E2, escalate E3": COUNT}
    told = rows(session, "SELECT post_code, count(*) FROM message WHERE created_at = :now GROUP BY 1", now=DUE)
    assert dict(told) == dict.fromkeys(("510302001:street_chief", "D-CGJ:direct_leader", "D-CGJ:handler"), COUNT)
    assert value(session, "SELECT count(*) FROM issue WHERE next_step_at <= :now", now=DUE) == 0
    assert value(session, "SELECT count(*) FROM issue WHERE set_aside > 0") == 0
    assert deadlocks(session) == 0
    assert is_sealed(session)


class TestThreeDaysDown:
    """Beside the ten thousand: five that are due a day earlier, twenty of S2, three of S1."""

    @pytest.fixture
    def caught_up(self, session: Session, sessions: Sessions, engine: Engine) -> Memory:
        """One round after three days, and what it sends in the half hour after it."""
        many(session, OLDER, now=at("2026-10-30 10:00"))
        many(session, URGENT, severity="S2")
        many(session, AT_ONCE, severity="S1")
        session.connection().exec_driver_sql("UPDATE message SET state = 'sent', finished_at = created_at")
        one_person = "UPDATE tenure SET person_code = 'R00008' WHERE post_code = 'T510302:deputy_leader'"
        session.connection().exec_driver_sql(one_person)
        session.commit()
        sweeps.tick(sessions, now=BACK)
        memory = Memory()
        for minutes in range(0, 31, 3):
            while run(engine, doors(memory), now=BACK + timedelta(minutes=minutes)).claimed:
                pass
        return memory

    def test_every_step_is_on_record_and_each_person_gets_one_digest(self, session: Session, caught_up: Memory) -> None:
        assert trails(session) == {
            climbed(4): COUNT + OLDER,
            climbed(6): URGENT,
            climbed(8): AT_ONCE,
        }
        assert kinds_told(session) == {
            ("reminder_notice", "bundled"): 2 * (COUNT + OLDER),  # of E4 alone
            ("supervision_order_2", "bundled"): 3 * URGENT,  # of E6 alone
            ("accountability_proposal", "sent"): 3 * AT_ONCE,  # of E8 alone, and not in a digest: it is urgent
            ("digest", "sent"): len(caught_up.letters),
        }
        assert Counter(caught_up.addresses) == dict.fromkeys(READERS, 1)
        self.assert_what_is_urgent_comes_first(caught_up)
        assert is_sealed(session)

    @staticmethod
    def assert_what_is_urgent_comes_first(memory: Memory) -> None:
        """The digests with orders go before the one without; in the one with both, orders come first, then by date."""
        assert memory.addresses[-1] == READERS[-1]
        (both,) = (letter.body.splitlines() for address, letter in memory.letters if address == READERS[0])
        ordered = [f"ZG-2026-{COUNT + OLDER + n:06d}" for n in range(1, URGENT + 1)]
        assert sorted(line[:14] for line in both[:URGENT]) == ordered
        only_notices = memory.letters[-1][1].body.splitlines()
        assert {line[:14] for line in only_notices[:OLDER]} == {f"ZG-2026-{COUNT + n:06d}" for n in range(1, OLDER + 1)}


READERS = [f"r000{n}@example.invalid" for n in ("08", "09", "19", "16")]


def climbed(top: int) -> str:
    return ", ".join(f"escalate E{n}" for n in range(1, top + 1))


def kinds_told(session: Session) -> dict[tuple[str, str], int]:
    query = "SELECT kind, state, count(*) FROM message WHERE created_at >= :back GROUP BY 1, 2"
    return {(kind, state): count for kind, state, count in rows(session, query, back=BACK)}

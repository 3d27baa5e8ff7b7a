"""Several delivery processes at once over one outbox: each message exactly once on its channel."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from sqlmodel import Session

from models.message import Outcome
from notifications.channels import Channels, Letter, Sent
from notifications.delivery import deliver
from services.sweeps import Sessions
from tests.cast import MONDAY
from tests.concurrency.crowd import deadlocks, in_processes, rows, value
from tests.notifications.desk import a_contact
from tests.small_city import NAMES

WORKERS, EACH = 4, 18  # a robot takes twenty in a minute, two of which are kept for what is urgent
COUNT = EACH * len(NAMES)


class Sink:
    """A channel of all processes together: one line in a file for each letter that arrives."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, address: str, *, letter: Letter) -> Sent:
        with self._file.open("a", encoding="utf-8") as file:  # a short line is appended whole
            file.write(f"{address} {letter.key}\n")
        return Sent(Outcome.SENT, "200")

    def close(self) -> None:
        pass

    def lines(self) -> list[str]:
        return self._file.read_text("utf-8").splitlines()


def fill(city: Session) -> None:
    """For every person of the city a robot of their own, and so many messages."""
    for person in NAMES:
        a_contact(city, person, "chat", f"robot://{person}")
    city.connection().exec_driver_sql(
        "INSERT INTO message (key, kind, person_code, area_path, why, channels, urgency, facts, state, not_before,"
        " created_at, tries) SELECT p.code || '-' || n, 'watchdog', p.code, '', 'duty', '{app,chat}', mod(n, 7),"
        " '{\"problems\": [\"x\"]}', 'pending', %(now)s, %(now)s, 0"
        " FROM generate_series(1, %(each)s) AS n, person p WHERE p.code = ANY(%(people)s)",
        {"now": MONDAY, "each": EACH, "people": list(NAMES)},
    )
    city.commit()


def test_each_message_leaves_exactly_once(city: Session, database_url: str, tmp_path: Path) -> None:
    fill(city)
    sink = Sink(tmp_path / "letters")

    def work(sessions: Sessions, _: int) -> Counter[str]:
        done: Counter[str] = Counter()
        while True:
            counts = deliver(sessions, now=lambda: MONDAY, channels=Channels({"any_url": sink}), limit=40)
            done.update(asdict(counts))
            if not counts.claimed:
                return done

    shares = in_processes(WORKERS, work, url=database_url)

    assert Counter(Counter(sink.lines()).values()) == {1: COUNT}
    assert rows(city, "SELECT state, tries, count(*) FROM message GROUP BY 1, 2") == [("sent", 1, COUNT)]
    assert value(city, "SELECT count(*) FROM attempt") == sum(share["tries"] for share in shares) == COUNT
    assert sum(share["claimed"] > 0 for share in shares) > 1
    assert deadlocks(city) == 0

"""Two workers side by side: nothing is doubled, nothing is lost, limits hold for both together."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import text

from notifications.channels import Sent
from tests.cast import MONDAY
from tests.notifications.desk import ROBOT, Memory, a_contact, a_message, doors, run
from tests.small_city import NAMES


def side_by_side(engine, memory: Memory, workers: int = 4) -> None:
    start = Barrier(workers)

    def work():
        start.wait()
        run(engine, doors(memory))

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_every_message_is_sent_exactly_once(city, engine, memory):
    for n, code in enumerate(list(NAMES) * 4):
        a_message(city, n=n, person_code=code)
    side_by_side(engine, memory)
    assert Counter(Counter(memory.addresses).values()) == {4: len(NAMES)}
    assert set(city.connection().execute(text("SELECT state, count(*) FROM message GROUP BY 1"))) == {
        ("sent", 4 * len(NAMES))
    }


def test_one_storm_is_one_digest(city, engine, memory):
    ids = [a_message(city, n=n, kind="passed", facts={}) for n in range(60)]
    side_by_side(engine, memory)
    digests = city.connection().execute(text("SELECT count(*) FROM message WHERE kind = 'digest'")).scalar_one()
    assert (digests, len(memory.letters), len(ids)) == (1, 1, 60)


def test_a_robots_budget_holds_for_all_workers_together(city, engine, memory):
    for code in NAMES:
        a_contact(city, code, "chat", ROBOT)
    for n, code in enumerate(list(NAMES) * 2):
        a_message(city, n=n, person_code=code, channels=["app", "chat"])
    side_by_side(engine, memory)
    assert memory.addresses == [ROBOT] * 18
    run(engine, doors(memory), now=MONDAY + timedelta(minutes=1))
    assert memory.addresses == [ROBOT] * 36


def test_a_slow_answer_holds_no_row_of_others(city, engine, memory):
    a_message(city, n=1)
    a_message(city, n=2, post_code="D-CGJ:direct_leader")
    other = Memory()

    class Slow(Memory):
        def send(self, address, *, letter) -> Sent:
            a_message(city, n=3, post_code="D-CGJ:deputy_leader")
            run(engine, doors(other))
            return super().send(address, letter=letter)

    slow = Slow()
    run(engine, doors(slow), limit=1)
    assert (slow.addresses, sorted(other.addresses)) == (
        ["r00006@example.invalid"],
        ["r00007@example.invalid", "r00008@example.invalid"],
    )

"""Delivery against bare loops: the same texts, written and sent one by one on one kept connection, without a database.

The outbox does all that it always does: claims, readers, rules, words, budgets, a row for each try before and after.
The city's limits are lifted, or a mail server would get 120 letters a minute.
"""

import asyncio
import itertools
import json
import multiprocessing
import smtplib
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import partial

import httpx
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from bench.bed import a_database, seconds
from bench.sinks import Ports, sinks
from models.message import Message
from models.unit import ChannelClass, Contact, Person
from notifications.channels import Channels, Letter, Sent
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.http import Http
from notifications.channels.smtp import Smtp
from notifications.delivery import deliver
from notifications.material import read_city, read_material
from notifications.outbox import wake
from notifications.rendering import render
from notifications.variables import Reader
from runtime import clock
from services import issues
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, who

COUNT, TIMES = 1000, 5
SLOW = 0.05
EVERY, LASTS = 0.01, 10.0
"""Seconds between two commits, and of the whole, where the time to the sink is measured."""
_NO_LIMITS = (
    "INSERT INTO rule_set (code, content, created_at) SELECT 'bench', jsonb_set(content, '{policy,channel_limits}',"
    ' \'{"mail": {"per_minute": 1000000, "per_person_per_day": 1000000},'
    ' "chat": {"per_minute": 1000000, "per_person_per_day": 1000000}}\'), created_at'
    " FROM rule_set WHERE code = (SELECT rule_set_code FROM city) ON CONFLICT DO NOTHING",
    "UPDATE city SET rule_set_code = 'bench'",
    "UPDATE issue SET rule_set_code = 'bench'",
)
_MESSAGES = (
    "INSERT INTO message (key, kind, issue_id, person_code, area_path, unit_code, why, channels, urgency, facts, state,"
    " not_before, created_at, tries) SELECT 'b-' || :series || '-' || i.id, 'assigned', i.id, 'B' || i.nth,"
    " i.area_path, i.lead_unit, 'finder', CAST(:channels AS text[]), 3, '{}', 'pending', :now, :now, 0"
    " FROM (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM issue) i WHERE i.nth BETWEEN :first AND :last"
)


@dataclass(frozen=True)
class Text:
    """One text and where it goes."""

    address: str
    title: str
    body: str


class Robot:
    """A chat robot, as a channel on the kept client is written."""

    def __init__(self) -> None:
        self._http = Http()

    def send(self, address: str, *, letter: Letter) -> Sent:
        """Post the letter as a text message."""
        url = address.replace("robot://", "http://")
        return self._http.post(url, address=address, document={"msgtype": "text", "text": {"content": letter.body}})

    def close(self) -> None:
        """Let go of kept connections."""
        self._http.close()


def main() -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_database() as fresh, sinks() as fast, sinks(delay=SLOW) as slow:
        engine = fresh("delivery")
        _set_up(engine)
        texts = _texts(engine)
        for kind, channels, wanted, bare in _sides(fast):
            yield from _against(engine, kind, channels, wanted, partial(bare, fast, texts), fast)
        for kind, channels, wanted, _ in _sides(slow):
            _point_to(engine, slow)
            rate = COUNT / statistics.median(_ours(engine, channels, wanted) for _ in range(TIMES))
            channels.close()
            yield f"{kind} to a server that answers after 50 ms", f"{rate:,.0f} messages/s"
    with a_database() as fresh, sinks() as third:
        engine = fresh("delivery")
        _set_up(engine)
        yield from _time_to_the_sink(engine, third)


def _sides(ports: Ports) -> Iterator[tuple[str, Channels, str, Callable[[Ports, Sequence[Text]], None]]]:
    mail = Smtp(f"smtp://127.0.0.1:{ports.mail}?from=duban@zigong.example")
    yield "mail", Channels({"mail": mail}), "mail", _bare_mail
    yield "HTTP", Channels({"robot": Robot()}), "chat", _bare_http
    yield "HTTP through Apprise", Channels({"robot": _Json()}), "chat", _bare_http


class _Json(AppriseUrl):
    """The same addresses as Apprise's `json://`."""

    def send(self, address: str, *, letter: Letter) -> Sent:
        return super().send(address.replace("robot://", "json://"), letter=letter)


def _against(
    engine: Engine, kind: str, channels: Channels, wanted: str, bare: Callable[[], None], ports: Ports
) -> Iterator[tuple[str, str]]:
    """In turns, so that what else the machine does meets both."""
    _point_to(engine, ports)
    ours, theirs = [], []
    for _ in range(TIMES):
        theirs.append(seconds(bare))
        ours.append(_ours(engine, channels, wanted))
    channels.close()
    mine, least = statistics.median(ours), statistics.median(theirs)
    yield f"{kind}, {COUNT:,} messages out of the outbox", f"{COUNT / mine:,.0f} messages/s"
    yield f"{kind}, the same texts in a bare loop", f"{COUNT / least:,.0f} messages/s; ours is {least / mine:.2f} of it"


def _ours(engine: Engine, channels: Channels, wanted: str) -> float:
    """Seconds to send one message to each of the people."""
    _write(engine, wanted, 1, COUNT, now=MONDAY)
    took = seconds(lambda: deliver(lambda: Session(engine), now=lambda: MONDAY, channels=channels, limit=10 * COUNT))
    with engine.begin() as connection:
        left = connection.execute(text("SELECT count(*) FROM message WHERE state <> 'sent'")).scalar_one()
        assert not left, f"{left} were not sent"
        connection.execute(text("TRUNCATE attempt, message"))
    return took


def _bare_mail(ports: Ports, texts: Sequence[Text]) -> None:
    with smtplib.SMTP("127.0.0.1", ports.mail) as server:
        for one in texts:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "duban@zigong.example", one.address, one.title
            mail.set_content(one.body)
            server.send_message(mail)


def _bare_http(ports: Ports, texts: Sequence[Text]) -> None:
    with httpx.Client() as client:
        for one in texts:
            document = {"msgtype": "text", "text": {"content": one.body}}
            client.post(f"http://127.0.0.1:{ports.http}/bare", json=document).raise_for_status()


def _set_up(engine: Engine) -> None:
    """People with addresses, and an issue for each."""
    with Session(engine) as session:
        found = [Finding(description=f"垃圾桶满溢 {n}", point="P-0001", standard="01-01") for n in range(COUNT)]
        outcomes = issues.find(session, findings=found, by=who(session, INSPECTOR), now=MONDAY)
        keys = [one.issue_id or 0 for one in outcomes]
        issues.assign(session, issue_ids=keys, by=who(session, OFFICE), now=MONDAY, to="D-CGJ")
        for statement in _NO_LIMITS:
            session.connection().execute(text(statement))
        for n in range(1, COUNT + 1):
            session.add(Person(code=f"B{n}", name=f"测量员{n}"))
        session.flush()
        for n, kind in itertools.product(range(1, COUNT + 1), (ChannelClass.CHAT, ChannelClass.MAIL)):
            where = f"b{n}@example.invalid"
            session.add(Contact(person_code=f"B{n}", channel=kind, address=where, position=0, verified_at=MONDAY))
        session.connection().execute(text("TRUNCATE attempt, message"))
        session.commit()


def _texts(engine: Engine) -> list[Text]:
    """What the outbox will say, in words."""
    _write(engine, "mail", 1, COUNT, now=MONDAY)
    with Session(engine) as session:
        messages = session.exec(select(Message).order_by(col(Message.id))).all()
        materials = read_material(session, messages, city=read_city(session))
        people = {person.code: person for person in session.exec(select(Person))}
        texts = []
        for message in messages:
            person = people[message.person_code or ""]
            words = render(materials[message.id or 0], reader=Reader(person.code, person.name, "zh-CN"), at=MONDAY)
            texts.append(Text(f"{person.code.lower()}@example.invalid", words.title, words.body))
        session.connection().execute(text("TRUNCATE attempt, message"))
        session.commit()
    return texts


def _point_to(engine: Engine, ports: Ports) -> None:
    query = text("UPDATE contact SET address = :robot || substr(person_code, 2) WHERE channel = 'chat'")
    with engine.begin() as connection:
        connection.execute(query, {"robot": f"robot://127.0.0.1:{ports.http}/"})


def _write(engine: Engine, wanted: str, first: int, last: int, *, now: datetime) -> None:
    values = {"series": time.monotonic_ns(), "channels": ["app", wanted], "first": first, "last": last, "now": now}
    with Session(engine) as session:
        session.connection().execute(text(_MESSAGES), values)
        wake(session)
        session.commit()


def _time_to_the_sink(engine: Engine, ports: Ports) -> Iterator[tuple[str, str]]:
    """A process runs the loop of the flow; here messages are committed one by one."""
    _point_to(engine, ports)
    url = engine.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=_deliver_for, args=(url, LASTS + 5))
    process.start()
    _until_somebody_listens(engine)
    committed = _commit_steadily(engine)
    process.join()
    with urllib.request.urlopen(f"http://127.0.0.1:{ports.http}/") as answer:
        arrived = json.load(answer)
    took = sorted(arrived[path] - at for path, at in committed.items())
    what = f"from commit to the sink, {1 / EVERY:.0f} commits a second"
    yield f"{what}, median", f"{statistics.median(took) * 1000:.0f} ms"
    yield f"{what}, 95 %", f"{took[int(len(took) * 0.95)] * 1000:.0f} ms"


def _commit_steadily(engine: Engine) -> dict[str, float]:
    committed: dict[str, float] = {}
    begun = time.monotonic()
    for n in range(1, min(COUNT, int(LASTS / EVERY)) + 1):
        time.sleep(max(0.0, begun + n * EVERY - time.monotonic()))
        _write(engine, "chat", n, n, now=clock.system_now())
        committed[f"/{n}"] = time.monotonic()
    return committed


def _until_somebody_listens(engine: Engine) -> None:
    query = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'duban listening'")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with engine.connect() as connection:
            if connection.execute(query).scalar_one():
                return
        time.sleep(0.1)
    raise TimeoutError("nobody listens")


def _deliver_for(url: str, lasts: float) -> None:
    """The loop of the flow, without Prefect's server: what happened is told to nobody."""
    from flows import deliver as delivering
    from flows.common import Duban
    from flows.deliver import Delivered, keep_delivering
    from runtime.database import make_engine, session_factory
    from runtime.settings import Settings

    setattr(delivering, "tell_prefect", lambda _: 0)  # noqa: B010 - it is imported there, not exported
    engine = make_engine(url)
    here = Duban(Settings(), session_factory(engine), url)
    asyncio.run(keep_delivering.fn(here, Channels({"robot": Robot()}), time.monotonic() + lasts, Delivered()))
    engine.dispose()

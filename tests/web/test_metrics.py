"""`/metrics`: what it says, and to whom."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session

from models.message import Attempt, Message, MessageState, Outcome
from runtime import clock
from runtime.settings import PROJECT, Settings
from services import alarms, outbox_counts, rounds
from tests.cast import an_issue
from tests.notifications.desk import a_message
from web.app import create_app

METRICS = "http://127.0.0.1:8400/metrics"
TOKEN = "a-token-for-tests-only"
Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def read(client: httpx.AsyncClient) -> Values:
    """Every sample by name and labels."""
    answer = await client.get(METRICS)
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def labels(**given: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(given.items()))


@pytest.fixture
async def from_elsewhere(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on another machine, at an installation that has a token."""
    settings = Settings(database_url=SecretStr(database_url), home=tmp_path, metrics_token=SecretStr(TOKEN))
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.7", 1))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://duban") as client,
    ):
        yield client


async def test_messages_are_counted_by_state_and_channel(client: httpx.AsyncClient, city: Session) -> None:
    for n in range(3):
        a_message(city, n=n)

    assert (await read(client))["duban_messages", labels(channel="mail", state="pending")] == 3


async def test_tries_are_counted_by_provider_outcome_and_fault(client: httpx.AsyncClient, city: Session) -> None:
    a_try(city, "wecombot://SECRET", "permanent", fault="ours")

    found = await read(client)

    assert found["duban_attempts_total", labels(channel="wecombot", outcome="permanent", fault="ours")] == 1


async def test_no_address_and_no_name_is_told(client: httpx.AsyncClient, city: Session) -> None:
    a_try(city, "wecombot://SECRET", "sent")
    an_issue(city, description="张三家门口")
    city.commit()

    text_of_all = (await client.get(METRICS)).text

    assert "SECRET" not in text_of_all
    assert "张三" not in text_of_all


async def test_the_oldest_that_is_due_says_how_long_it_waits(client: httpx.AsyncClient, city: Session) -> None:
    now = clock.now(city)
    a_message(city, now=now - timedelta(minutes=10))
    a_message(city, n=1, now=now + timedelta(hours=3))

    assert 600 <= (await read(client))["duban_oldest_waiting_seconds", ()] < 700


async def test_deliveries_stand_in_the_histogram_by_how_long_they_took(
    client: httpx.AsyncClient, city: Session
) -> None:
    key = a_message(city)
    city.connection().execute(text("UPDATE message SET state = 'sending'"))
    message = city.get_one(Message, key, populate_existing=True)
    message.state, message.finished_at = MessageState.SENT, message.not_before + timedelta(seconds=7)
    city.commit()

    found = await read(client)

    assert found["duban_delivery_seconds_bucket", labels(channel="mail", le="5.0")] == 0
    assert found["duban_delivery_seconds_bucket", labels(channel="mail", le="10.0")] == 1
    assert found["duban_delivery_seconds_sum", labels(channel="mail")] == 7


async def test_issues_are_counted_by_state_and_step(client: httpx.AsyncClient, city: Session) -> None:
    an_issue(city, state="assigned")
    city.commit()

    found = await read(client)

    assert found["duban_issues", labels(state="assigned")] == 1
    assert found["duban_issues_open", ()] == 1
    assert sum(value for (name, _), value in found.items() if name == "duban_issues_by_step") == 1


async def test_a_round_says_how_long_ago_and_how_long(client: httpx.AsyncClient, city: Session) -> None:
    assert ("duban_round_age_seconds", ()) not in await read(client)

    rounds.ended(city, at=clock.system_now() - timedelta(seconds=90), took=timedelta(seconds=2.5))
    city.commit()
    found = await read(client)

    assert 89 <= found["duban_round_age_seconds", ()] < 120
    assert found["duban_round_duration_seconds", ()] == 2.5


async def test_an_alarm_stands_until_it_is_over(client: httpx.AsyncClient, city: Session) -> None:
    now = clock.now(city)
    alarms.raise_alarm(city, causes=["outbox_mail"], problems=["x"], now=now)
    city.commit()
    assert (await read(client))["duban_alarm", labels(cause="outbox_mail")] == 1

    alarms.all_clear(city, causes=["outbox_mail"], line="x", now=now)
    city.commit()

    assert ("duban_alarm", labels(cause="outbox_mail")) not in await read(client)


async def test_settling_changes_no_number(client: httpx.AsyncClient, city: Session) -> None:
    for n in range(3):
        a_message(city, n=n)
        a_try(city, "mail@example.org", "sent", n=n)
    before = await read(client)

    assert outbox_counts.settle(city) < outbox_counts.tally(city).rows + 3
    city.commit()

    assert {key: value for key, value in (await read(client)).items() if "oldest" not in key[0]} == {
        key: value for key, value in before.items() if "oldest" not in key[0]
    }


async def test_nobody_elsewhere_reads_without_the_token(from_elsewhere: httpx.AsyncClient, city: Session) -> None:
    wrong = {"Authorization": "Bearer wrong"}

    assert (await from_elsewhere.get(METRICS)).status_code == 403
    assert (await from_elsewhere.get(METRICS, headers=wrong)).status_code == 403


async def test_the_token_opens(from_elsewhere: httpx.AsyncClient, city: Session) -> None:
    answer = await from_elsewhere.get(METRICS, headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"])
async def test_a_proxy_on_this_machine_opens_nothing(client: httpx.AsyncClient, city: Session, header: str) -> None:
    assert (await client.get(METRICS, headers={header: "192.0.2.7"})).status_code == 403


async def test_somebody_who_knows_this_machine_by_a_name_of_the_world_is_elsewhere(
    client: httpx.AsyncClient, city: Session
) -> None:
    assert (await client.get("http://duban.example.org/metrics")).status_code == 403


async def test_the_rules_in_the_docs_name_metrics_that_there_are(client: httpx.AsyncClient, city: Session) -> None:
    page = (PROJECT / "docs" / "operations" / "monitoring.md").read_text("utf-8")
    rounds.ended(city, at=clock.system_now(), took=timedelta(seconds=1))
    a_try(city, "wecombot://KEY", "sent")
    city.commit()
    told = set(re.findall(r"^# TYPE (\w+)", (await client.get(METRICS)).text, re.MULTILINE))

    named = {re.sub(r"_bucket$", "", name) for name in re.findall(r"\bduban_\w+", page)}

    assert named == told


def a_try(session: Session, address: str, outcome: str, *, fault: str | None = None, n: int = 9) -> None:
    key = a_message(session, n=100 + n)
    now = clock.now(session)
    session.add(
        Attempt(
            message_id=key,
            person_code="R00006",
            channel="chat" if "://" in address else "mail",
            address=address,
            outcome=Outcome(outcome),
            fault=fault,
            started_at=now - timedelta(seconds=1),
            finished_at=now,
        )
    )
    session.commit()

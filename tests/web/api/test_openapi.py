"""The OpenAPI page is true: whatever it allows is answered as it says, and what it forbids is refused."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from sqlmodel import Session

from models.api import ApiScope
from models.hook import Told
from runtime import clock
from runtime.settings import Settings
from services import hooks, hooks_log, tokens
from services.hooks import Wish
from services.hooks_calling import Answered
from tests.cast import OFFICE, an_issue
from tests.services.hooks.desk import ADMINISTRATOR, KEYS, admin
from tests.web.conftest import an_app
from web.api import ROOT
from web.link_guard import Buckets, Guards

EXAMPLES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 6
NEVER_FULL = Buckets(size=1e9, per_minute=1e9)
BY_THE_CITY = ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "5xx"]
"""What the page allows may still be refused for what the city's data say: with 400, not with 422."""


KEY = "Idempotency-Key"
ADMINISTERED = ("hooks", "city")
TAGS = (
    "issues",
    "papers",
    "actions",
    "evidence",
    "audits",
    "exports",
    "city",
    "me",
    "boards",
    "hooks",
    "ranking",
    *("surveys", "filing", "tasks", "scores", "accountability"),
)


@pytest.fixture
def token(city: Session, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tokens of somebody who may do much, and of the administrator, in a city where something is under way.

    A test of a webhook goes to whatever address a case made up: it is not sent.
    """
    monkeypatch.setattr(hooks_log, "call", lambda _http, _letter: Answered(Told.DOWN, None, 1, "not sent"))
    for state in ("found", "assigned", "rectifying", "rectified", "verified"):
        an_issue(city, state=state, key=f"in-{state}")
    how = {"name": "t", "scopes": tuple(ApiScope), "lasts": timedelta(days=1), "now": clock.true_now(city)}
    made = {person: tokens.create_token(city, person, **how) for person in (OFFICE, ADMINISTRATOR)}
    wish = Wish("cockpit", "https://hooks.example.org/in", ("*",))
    hooks.make(city, wish, by=admin(city), keys=KEYS, networks=(), now=how["now"])
    city.commit()
    return made


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The real server, on a port of its own."""
    app = an_app(Settings(database_url=SecretStr(database_url), home=tmp_path, lang="en"))
    app.state.guards = Guards(guesses=NEVER_FULL, calls=NEVER_FULL)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}{ROOT}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_of_the_api_is_true(tag: str, address: str, token: dict[str, str]) -> None:
    load_all_checks()
    by = token[ADMINISTRATOR if tag in ADMINISTERED else OFFICE]
    schema = _schema(address).include(tag=tag)
    found = [result.ok() for result in schema.get_all_operations()]
    assert found
    wrong = [f"{operation.label}: {told}" for operation in found if (told := _untrue(operation, address, by))]
    assert not wrong, "\n\n".join(wrong)


def test_every_address_has_a_tag_that_is_tried(address: str) -> None:
    schema = _schema(address)
    assert {tag for result in schema.get_all_operations() for tag in result.ok().tags or ["none"]} == set(TAGS)


def _schema(address: str) -> schemathesis.BaseSchema:
    accepted = {"positive_data_acceptance": {"expected-statuses": BY_THE_CITY}}
    config = schemathesis.Config.from_dict({"checks": accepted})
    return schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)


def _untrue(operation: schemathesis.APIOperation, address: str, token: str) -> str:
    """What is not as the page says."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def holds(case: schemathesis.Case) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        if KEY in (case.headers or {}) and case.meta.generation.mode.is_positive:
            case.headers[KEY] = str(uuid4())  # the same one with another request is refused, rightly
        case.call_and_validate(base_url=address, headers=headers, checks=list(CHECKS.get_all()))

    try:
        holds()
    except FailureGroup as error:
        return str(error)
    return ""

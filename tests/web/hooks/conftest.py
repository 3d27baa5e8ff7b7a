"""A subscriber on loopback that the application may call."""

from collections.abc import Iterator

import httpx
import pytest

from tests.notifications.channels.noting import noting_sink
from tests.notifications.channels.sinks import Sink
from tests.web.attacks.ways_in import app_of


@pytest.fixture
def sink(client: httpx.AsyncClient) -> Iterator[Sink]:
    state = app_of(client).state
    state.settings = state.settings.model_copy(update={"webhook_networks": ("127.0.0.1",)})
    with noting_sink() as sink:
        sink.answer = (204, {}, "")
        yield sink

"""A subscriber on loopback."""

from collections.abc import Iterator

import pytest

from tests.notifications.channels.noting import noting_sink
from tests.notifications.channels.sinks import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with noting_sink() as sink:
        sink.answer = (204, {}, "")
        yield sink

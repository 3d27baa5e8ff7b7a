import threading

import pytest

from notifications.channels import wecom_app
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.tokens import Tokens
from tests.notifications.channels.robots import Provider


@pytest.fixture
def provider():
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield provider
    provider.free.set()
    provider.shutdown()
    thread.join()
    provider.server_close()


@pytest.fixture
def chat(monkeypatch):
    monkeypatch.setattr(wecom_app, "TOKENS", Tokens())
    channel = AppriseUrl(connect_seconds=0.5, read_seconds=0.5)
    yield channel
    channel.close()

"""What all chat plugins share: trouble on the line, secrets, addresses, and how Apprise sees them."""

import logging
from datetime import timedelta

import apprise
import pytest

from models.message import Outcome
from notifications.channels import Gateways, open_channels
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.own import OWN
from notifications.channels.plugin import read_address, schemes
from tests.notifications.channels.robots import ADDRESSES, KEY, LINKS, SECRETS, letter
from tests.notifications.channels.sinks import LETTER, certificate, http_sink

NAMES = list(ADDRESSES)
CHAT = ("wecombot", "wecom", "wechat", "dingtalk", "feishu", "lark")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ["hang", "drop", "abort", "half", "drip"])
def test_silence_after_the_letter_is_doubt(chat, provider, name, answer):
    provider.answer = answer
    assert chat.send(provider.address(name), letter=LETTER).outcome == Outcome.UNKNOWN
    assert len(provider.got) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Outcome.REFUSED),
        (500, Outcome.REFUSED),
        (503, Outcome.REFUSED),
        (502, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
        (403, Outcome.PERMANENT),
        (302, Outcome.PERMANENT),
    ],
)
def test_a_status_without_a_code_decides(chat, provider, name, status, outcome):
    provider.answer = (status, {"Retry-After": "90", "Location": "/elsewhere"}, "<html>")
    sent = chat.send(provider.address(name), letter=LETTER)
    assert sent.outcome == outcome
    assert sent.retry_after == (timedelta(seconds=90) if outcome == Outcome.REFUSED else None)
    assert len(provider.got) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_longer_wait_in_the_header_wins_over_the_table(chat, provider, name):
    provider.say(name, {"dingtalk": -1, "feishu": 11232, "lark": 11232}.get(name, 45009))
    provider.answer = (429, {"Retry-After": "600"}, provider.answer[2])
    assert chat.send(provider.address(name), letter=LETTER).retry_after == timedelta(seconds=600)


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_that_is_not_the_providers_gets_nothing(chat, tmp_path, name):
    server, _ = certificate(tmp_path)
    with http_sink(server) as sink:
        sent = chat.send(f"{ADDRESSES[name]}&endpoint={sink.http}&verify=no", letter=LETTER)
        assert (sent.outcome, sent.code, sink.got) == (Outcome.REFUSED, "token" if name == "wecom" else "connect", [])


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_sent(chat, provider, name):
    provider.say(name, 0)
    assert chat.send(provider.address(name), letter=LETTER).outcome == Outcome.SENT


def test_the_channels_own_client_carries_the_letters(chat, provider, monkeypatch):
    monkeypatch.setattr("notifications.channels.plugin.shared_http", lambda: None)
    provider.say("feishu", 0)
    sent = [chat.send(provider.address("feishu"), letter=LETTER).outcome for _ in range(3)]
    assert (sent, provider.connections) == ([Outcome.SENT] * 3, 1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trouble", ["fine", "error", "hang", "status"])
def test_no_secret_is_logged_or_told(chat, provider, caplog, name, trouble):
    caplog.set_level(logging.DEBUG)
    provider.say(name, 0 if trouble == "fine" else 77777)
    if trouble == "hang":
        provider.answer = "hang"
    if trouble == "status":
        provider.answer = (500, {}, " ".join(SECRETS[name]))
    sent = chat.send(provider.address(name), letter=letter(links=LINKS))
    said = caplog.text + sent.detail + sent.code
    assert [one for one in (*SECRETS[name], LINKS[0].url, LETTER.body) if one in said] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_logged_when_apprise_itself_sends(provider, caplog, name):
    caplog.set_level(logging.DEBUG)
    AppriseUrl()
    provider.say(name, 77777)
    server = apprise.Apprise()
    assert server.add(provider.address(name))
    assert server.notify(title="标题", body="正文") is False
    assert [one for one in SECRETS[name] if one in caplog.text] == []


@pytest.mark.parametrize("name", NAMES)
def test_apprise_sends_through_our_plugins(provider, name):
    AppriseUrl()
    provider.say(name, 0)
    server = apprise.Apprise()
    assert server.add(provider.address(name))
    assert server.notify(title="标题", body="正文 <b>") is True
    assert len(provider.got) == 1
    assert "正文" in provider.got[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_url_shows_nothing_in_private_and_all_of_itself_otherwise(provider, name):
    AppriseUrl()
    server = apprise.Apprise()
    server.add(provider.address(name))
    assert server.urls(privacy=True) == [f"{name}://***/"]
    assert server.urls() == [provider.address(name)]


def test_our_plugins_have_taken_the_place_of_apprises_own():
    AppriseUrl()
    ours = {scheme: plugin for plugin in OWN for scheme in schemes(plugin)}
    found = {scheme: apprise.plugins.N_MGR[scheme] for scheme in CHAT}
    assert found == {scheme: ours[scheme] for scheme in CHAT}


def test_other_apprise_urls_keep_working(provider):
    channel = open_channels(Gateways()).serving("chat", "json://x")
    provider.answer = (200, {}, "{}")
    address = f"json://127.0.0.1:{provider.server_port}/{KEY}"
    assert channel.send(address, letter=letter(links=LINKS)).outcome == Outcome.SENT
    assert LINKS[0].url in provider.documents[0]["message"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://provider.example",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "https://provider.example/path",
        "https://user:pw@provider.example",
        "https://",
        "https://provider.example?x=1",
        "nonsense",
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_token_is_sent_only_over_tls_or_to_this_machine(chat, name, endpoint):
    sent = chat.send(f"{ADDRESSES[name]}&endpoint={endpoint}", letter=LETTER)
    assert (sent.outcome, sent.code) == (Outcome.PERMANENT, "address")


def test_an_address_keeps_its_case_and_gives_up_its_percent_signs():
    address = read_address("wecom://WwID:S%2Fe%40c@1000002/User.A/%23Dept?form=text&users=a%2Cb")
    assert (address.scheme, address.user, address.password, address.host) == ("wecom", "WwID", "S/e@c", "1000002")
    assert (address.path, address.list_of("users")) == (("User.A", "#Dept"), ("a", "b"))


def test_an_address_does_not_show_itself():
    assert "Ww" not in repr(read_address("wecom://WwID:WwSecret@WwHost/WwUser?Ww=Ww"))

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.message import Outcome
from notifications.channels.base import Fault
from notifications.channels.wecom_app import WecomApp
from tests.notifications.channels.robots import LINKS, SECRET, TOKEN, WITH_LINKS, letter, token
from tests.notifications.channels.sinks import LETTER

STALE = (200, {}, '{"errcode": 42001, "errmsg": "access_token expired"}')
FINE = (200, {}, '{"errcode": 0, "errmsg": "ok"}')


def made(letter, path="CaoGuanJu", arguments=""):
    return WecomApp(whole=f"wecom://ww12:{SECRET}@1000002/{path}?{arguments}").document(letter)


@pytest.fixture
def send(chat, provider):
    provider.answer = FINE
    return lambda letter=LETTER, arguments="": chat.send(provider.address("wecom", arguments), letter=letter)


def test_a_token_is_fetched_once_and_used_for_every_letter(send, provider):
    assert {send().outcome for _ in range(3)} == {Outcome.SENT}
    assert provider.given == 1
    assert provider.queries[0] == {"corpid": "ww1234567890abcdef", "corpsecret": SECRET}
    assert [query["access_token"] for query in provider.queries[1:]] == [TOKEN] * 3


@pytest.mark.parametrize("code", [40014, 42001, 41001])
def test_a_token_that_is_not_taken_any_more_is_renewed_once(send, provider, code):
    provider.tokens = [token("old"), token("new")]
    provider.answers = [(200, {}, json.dumps({"errcode": code})), FINE]
    assert send().outcome == Outcome.SENT
    assert [query["access_token"] for query in provider.queries if "access_token" in query] == ["old", "new"]


def test_a_token_that_is_never_taken_ends_as_a_refusal(send, provider):
    provider.answer = STALE
    assert send().outcome == Outcome.REFUSED
    assert (len(provider.got), provider.given) == (2, 2)


def test_many_threads_fetch_one_token(send, provider):
    with ThreadPoolExecutor(12) as pool:
        assert {one.outcome for one in pool.map(lambda _: send(), range(24))} == {Outcome.SENT}
    assert provider.given == 1


@pytest.mark.parametrize(
    ("answer", "outcome", "code", "fault"),
    [
        ({"errcode": 40001, "errmsg": "invalid credential"}, Outcome.PERMANENT, "40001", Fault.OURS),
        ({"errcode": 40013, "errmsg": "invalid corpid"}, Outcome.PERMANENT, "40013", Fault.OURS),
        ({"errcode": -1, "errmsg": "busy"}, Outcome.REFUSED, "-1", None),
        ({"errcode": 0, "errmsg": "ok"}, Outcome.REFUSED, "token", None),
        ({"errcode": 0, "access_token": "", "expires_in": 7200}, Outcome.REFUSED, "token", None),
        ({"hello": 1}, Outcome.REFUSED, "token", None),
        (503, Outcome.REFUSED, "503", None),
        (502, Outcome.REFUSED, "token", None),
    ],
)
def test_without_a_token_nothing_has_left(send, provider, answer, outcome, code, fault):
    provider.tokens = [answer]
    sent = send()
    assert (sent.outcome, sent.code, sent.fault) == (outcome, code, fault)
    assert provider.got == []


def test_a_provider_that_is_away_is_a_refusal_while_the_token_is_fetched(chat, provider):
    provider.server_close()
    assert chat.send(provider.address("wecom"), letter=LETTER).outcome == Outcome.REFUSED


@pytest.mark.parametrize("name", ["invaliduser", "unlicenseduser"])
def test_a_success_that_leaves_everybody_out_is_none(send, provider, name):
    provider.say("wecom", 0, **{name: "caoguanju"})
    sent = send()
    fault = {"invaliduser": Fault.ADDRESS, "unlicenseduser": Fault.OURS}[name]
    assert (sent.outcome, sent.code, sent.fault) == (Outcome.PERMANENT, name, fault)


def test_a_success_that_leaves_one_of_two_out_says_so_without_a_name(chat, provider):
    provider.say("wecom", 0, invaliduser="caoguanju")
    address = provider.address("wecom").replace("/CaoGuanJu", "/CaoGuanJu/LiuJiMing")
    sent = chat.send(address, letter=LETTER)
    assert (sent.outcome, sent.code, sent.detail) == (Outcome.SENT, "invaliduser", "invaliduser: 1")


def test_receivers_are_members_departments_and_tags():
    document = made(LETTER, path="@wang/li/%23 12/+3".replace(" ", ""))
    assert (document["touser"], document["toparty"], document["totag"]) == ("wang|li", "12", "3")
    assert document["agentid"] == 1000002


def test_everybody_is_everybody():
    assert made(LETTER, path="@all")["touser"] == "@all"


def test_the_provider_is_asked_to_drop_what_it_has():
    document = made(LETTER)
    assert (document["enable_duplicate_check"], document["duplicate_check_interval"]) == (1, 1800)
    assert made(LETTER) == document


def test_a_letter_with_links_that_fits_is_a_card():
    assert made(WITH_LINKS)["template_card"]["jump_list"][1]["url"] == LINKS[1].url


def test_a_longer_one_is_text_with_links_in_it():
    content = made(letter(title="标题", body="字" * 1000, links=LINKS))["text"]["content"]
    assert content.endswith('\n<a href="https://duban.example/l/bbbb-2222">申请延期</a>')
    assert 'href="https://duban.example/l/aaaa-1111?x=1&amp;y=2"' in content
    assert len(content.encode()) <= 2048


def test_nobodys_words_become_a_link():
    assert "<" not in made(letter(title="<a>", body='<a href="http://evil.example">点此</a>'))["text"]["content"]


def test_markdown_has_two_thousand_and_forty_eight_bytes_here():
    content = made(letter(body="字" * 2000), arguments="form=markdown")["markdown"]["content"]
    assert 2040 < len(content.encode()) <= 2048


def test_buttons_open_links_and_have_a_task_of_their_own():
    card = made(WITH_LINKS, arguments="form=buttons")["template_card"]
    assert card["card_type"] == "button_interaction"
    assert [(one["type"], one["url"]) for one in card["button_list"]] == [(1, link.url) for link in LINKS]
    other = made(letter(**{**vars(WITH_LINKS), "key": "another"}), arguments="form=buttons")["template_card"]
    assert card["task_id"] != other["task_id"]


@pytest.mark.parametrize(
    "url",
    ["wecom://", "wecom://ww:s@12", "wecom://ww@12/u", "wecom://ww:s@app/u", "wecom://ww:s@12/u?form=poem"],
)
def test_an_address_that_cannot_be_used_is_said(url):
    with pytest.raises(TypeError):
        WecomApp(whole=url)


def test_a_hanging_token_does_not_hold_others_one_after_the_other(chat, provider):
    provider.token_hangs = True
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: chat.send(provider.address("wecom"), letter=LETTER), range(8)))
    assert {one.outcome for one in sent} == {Outcome.REFUSED}
    assert provider.given <= 3

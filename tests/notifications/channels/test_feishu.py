import base64
import hashlib
import hmac
import json

import pytest

from models.message import Outcome
from notifications.channels.cut import utf8_size
from notifications.channels.feishu import Feishu, Lark, signature
from tests.notifications.channels.robots import AT, KEY, LINKS, SECRET, WITH_LINKS, letter
from tests.notifications.channels.sinks import LETTER

FAMILY = "👨‍👩‍👧‍👦"


def made(letter, arguments="", user=""):
    return Feishu(whole=f"feishu://{user}{KEY}?{arguments}").document(letter)


def bytes_of(document) -> int:
    return utf8_size(json.dumps(document, ensure_ascii=False))


def elements(document) -> list[dict]:
    return document["card"]["elements"]


def test_a_request_is_signed_as_the_provider_checks_it(chat, provider):
    provider.say("feishu", 0)
    chat.send(provider.address("feishu"), letter=letter(at=AT))
    document = provider.documents[0]
    key = f"{document['timestamp']}\n{SECRET}".encode()
    theirs = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert (document["timestamp"], document["sign"]) == ("1793584800", theirs)
    assert provider.paths == [f"/open-apis/bot/v2/hook/{KEY}"]


@pytest.mark.parametrize("status", [400, 429])
@pytest.mark.parametrize(
    ("seconds", "waits"), [("52", 52), ("300", 300), ("", 60), ("soon", 60), ("999999", 86_400), ("-5", 60)]
)
def test_a_limit_is_over_when_the_providers_own_header_says(chat, provider, status, seconds, waits):
    body = json.dumps({"code": 99991400, "msg": "request trigger frequency limit"})
    provider.answer = (status, {"x-ogw-ratelimit-reset": seconds}, body)
    sent = chat.send(provider.address("feishu"), letter=LETTER)

    assert (sent.outcome, sent.code, sent.retry_after.total_seconds()) == (Outcome.REFUSED, "99991400", waits)


def test_a_message_that_is_wrong_does_not_wait_for_a_limit(chat, provider):
    provider.answer = (200, {"x-ogw-ratelimit-reset": "52"}, '{"code": 19002}')

    assert chat.send(provider.address("feishu"), letter=LETTER).retry_after is None


def test_the_signature_of_a_known_time_and_secret():
    """By hand, with openssl: HMAC-SHA256 of nothing under the key `1793584800\\nthis is secret`."""
    signed = signature("this is secret", at=AT)
    assert signed == {"timestamp": "1793584800", "sign": "teFYvrwsxuHbjPJaiWbMuM/5E8fs3YhsDL8BNJ0oHdY="}


def test_without_a_secret_nothing_is_signed():
    assert set(made(LETTER)) == {"msg_type", "card"}


def test_a_letter_is_a_card_of_plain_text_with_a_button_for_each_link():
    document = made(WITH_LINKS)
    assert document["card"]["header"]["title"] == {"tag": "plain_text", "content": WITH_LINKS.title}
    assert elements(document)[0]["text"] == {"tag": "plain_text", "content": WITH_LINKS.body}
    assert [(one["text"]["content"], one["url"]) for one in elements(document)[1]["actions"]] == [
        (link.label, link.url) for link in LINKS
    ]


def test_a_card_without_links_has_no_buttons():
    assert len(elements(made(letter(body="正文")))) == 1


def test_who_is_mentioned_stands_in_a_line_of_its_own():
    document = made(WITH_LINKS, 'mentions=ou_1a2b,all,"><at id=all>')
    assert elements(document)[1]["text"] == {"tag": "lark_md", "content": "<at id=ou_1a2b></at> <at id=all></at>"}


def test_text_can_be_asked_for():
    text = made(WITH_LINKS, "form=text&mentions=ou_1a2b")["content"]["text"]
    assert text.endswith(f'申请延期: {LINKS[1].url}\n<at user_id="ou_1a2b"></at>')


def test_nobodys_words_mention_anybody():
    text = made(letter(title="t", body='<at user_id="all">所有人</at>'), "form=text")["content"]["text"]
    assert "<at" not in text


@pytest.mark.parametrize("body", ["字" * 9000, '"\n' * 9000, FAMILY * 2000, "a" * 30_000])
@pytest.mark.parametrize("form", ["text", "card"])
def test_no_request_has_more_than_twenty_thousand_bytes(form, body):
    document = made(letter(title="标题" * 90, body=body, links=LINKS), f"form={form}&mentions=all", f"{SECRET}@")
    assert 19_900 < bytes_of(document) <= 20_000


@pytest.mark.parametrize("shift", range(12))
def test_no_character_is_cut_in_half(shift):
    text = elements(made(letter(title="标题", body="a" * shift + FAMILY * 1500)))[0]["text"]["content"]
    assert set(text[shift:].removesuffix("…").split(FAMILY)) == {""}


@pytest.mark.parametrize("text", ['{"StatusCode": 0, "StatusMessage": "success"}', '{"code": 0, "msg": "success"}'])
def test_a_success_has_a_new_name_and_an_old_one(chat, provider, text):
    provider.answer = (200, {}, text)
    assert chat.send(provider.address("feishu"), letter=LETTER).outcome == Outcome.SENT


def test_an_old_error_is_read_too(chat, provider):
    provider.answer = (200, {}, '{"StatusCode": 19021, "StatusMessage": "sign match fail"}')
    assert chat.send(provider.address("feishu"), letter=LETTER).code == "19021"


def test_lark_is_the_same_elsewhere(chat, provider):
    provider.say("lark", 0)
    assert chat.send(provider.address("lark"), letter=LETTER).outcome == Outcome.SENT
    assert Lark(whole="lark://token").endpoint == "https://open.larksuite.com"
    assert Feishu(whole="feishu://token").endpoint == "https://open.feishu.cn"


@pytest.mark.parametrize("url", ["feishu://", "feishu://secret@", "feishu://token?form=poem"])
def test_an_address_that_cannot_be_used_is_said(url):
    with pytest.raises(TypeError):
        Feishu(whole=url)

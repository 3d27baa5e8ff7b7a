import base64
import hashlib
import hmac
import json

import pytest

from notifications.channels.cut import utf8_size
from notifications.channels.dingtalk import DingTalk, signature
from tests.notifications.channels.robots import AT, KEY, LINKS, SECRET, WITH_LINKS, letter
from tests.notifications.channels.sinks import LETTER

MENTIONS = "13800001111/+13900002222"


def made(letter, path="", arguments=""):
    return DingTalk(whole=f"dingtalk://{SECRET}@{KEY}/{path}?{arguments}").document(letter)


def bytes_of(document) -> int:
    return utf8_size(json.dumps(document, ensure_ascii=False))


def test_a_request_is_signed_as_the_provider_checks_it(chat, provider):
    provider.say("dingtalk", 0)
    chat.send(provider.address("dingtalk"), letter=letter(at=AT))
    query = provider.queries[0]
    text = f"{query['timestamp']}\n{SECRET}".encode()
    theirs = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()
    assert (query["access_token"], query["timestamp"], query["sign"]) == (KEY, str(1793584800000), theirs)


def test_the_signature_of_a_known_time_and_secret():
    """printf '1793584800000\\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64"""
    assert signature("this is secret", at=AT) == {
        "timestamp": "1793584800000",
        "sign": "hYAUqMaS6cC3h3t2s3xbZWWapJb68cpI7zTSRzel7NQ=",
    }


def test_without_a_secret_nothing_is_signed(chat, provider):
    provider.say("dingtalk", 0)
    chat.send(provider.address("dingtalk").replace(f"{SECRET}@", ""), letter=LETTER)
    assert provider.queries == [{"access_token": KEY}]


def test_a_letter_without_links_is_markdown():
    document = made(letter(title="标题", body="一\n二"))
    assert document["markdown"] == {"title": "标题", "text": "**标题**\n\n一\n\n二"}


def test_several_links_are_several_buttons():
    card = made(WITH_LINKS)["actionCard"]
    assert card["btns"] == [{"title": link.label, "actionURL": link.url} for link in LINKS]


def test_one_link_is_one_button():
    card = made(letter(title="标题", body="正文", links=LINKS[:1]))["actionCard"]
    assert (card["singleTitle"], card["singleURL"]) == (LINKS[0].label, LINKS[0].url)


def test_who_is_mentioned_is_told_to_the_provider_and_stands_in_the_text():
    document = made(letter(title="标题", body="正文"), f"{MENTIONS}/@zhang", "users=manager7675")
    assert document["at"] == {
        "atMobiles": ["13800001111", "13900002222"],
        "atUserIds": ["zhang", "manager7675"],
        "isAtAll": False,
    }
    assert document["markdown"]["text"].endswith("\n\n@13800001111 @13900002222 @zhang @manager7675")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_mention_is_never_cut_off(form):
    document = made(letter(title="标题", body="字" * 9000), MENTIONS, f"form={form}")
    text = document[form]["content" if form == "text" else "text"]
    assert text.endswith("@13800001111 @13900002222")
    assert 19_990 < bytes_of(document) <= 20_000


def test_mentions_and_links_go_as_markdown_for_cards_do_not_ring():
    text = made(WITH_LINKS, MENTIONS)["markdown"]["text"]
    assert f"[签收]({LINKS[0].url})" in text
    assert "@13800001111" in text


def test_everybody_is_mentioned_too():
    document = made(LETTER, "@all")
    assert document["at"]["isAtAll"]
    assert document["markdown"]["text"].endswith("@all")


@pytest.mark.parametrize("body", ["字" * 9000, '"\n' * 9000, "👨‍👩‍👧‍👦" * 2000, "a" * 30_000])
@pytest.mark.parametrize("form", ["text", "markdown", "card"])
def test_no_request_has_more_than_twenty_thousand_bytes(form, body):
    document = made(letter(title="标题" * 90, body=body, links=LINKS), "", f"form={form}")
    assert 19_900 < bytes_of(document) <= 20_000


def test_what_is_counted_is_what_is_sent(chat, provider):
    provider.say("dingtalk", 0)
    chat.send(provider.address("dingtalk"), letter=letter(body="字👍🏽\n" * 3000))
    assert 19_900 < len(provider.got[0].encode()) <= 20_000


def test_nobodys_words_become_a_link_or_a_heading():
    text = made(letter(title="t", body="# 大\n[点此](http://evil.example) ![x](http://evil.example/p.png)"))
    assert "](" not in text["markdown"]["text"]
    assert "\n#" not in text["markdown"]["text"]


@pytest.mark.parametrize("url", ["dingtalk://", "dingtalk://secret@", f"dingtalk://{KEY}?form=poem"])
def test_an_address_that_cannot_be_used_is_said(url):
    with pytest.raises(TypeError):
        DingTalk(whole=url)


def test_a_secret_with_percent_signs_is_read():
    assert DingTalk(whole="dingtalk://a%2Fb%2Bc@T0Ken").to.user == "a/b+c"
    assert DingTalk(whole="dingtalk://a%2Fb%2Bc@T0Ken").to.host == "T0Ken"

"""What somebody may give as an address; what can never work is refused before anything is kept or sent."""

import pytest

from models.errors import WrongValue
from models.unit import ChannelClass
from tests.services.contact_codes.conftest import ADMINISTRATOR, CHAT, MAIL, NEW, SMS


@pytest.mark.parametrize(
    ("channel", "address", "kept"),
    [
        (SMS, " 199-1234 5678 ", "19912345678"),
        (SMS, "+86 199 1234 5678", "+8619912345678"),
        (MAIL, "Some.One@Example.ORG", "Some.One@example.org"),
        (CHAT, "wecombot://key-123", "wecombot://key-123"),
        (CHAT, "feishu://secret@token", "feishu://secret@token"),
    ],
)
def test_what_a_person_may_give(city, ask, channel, address, kept):
    assert ask(address, channel).address == kept


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (SMS, "call me"),
        (SMS, "123"),
        (SMS, "１９９１２３４５６７８"),
        (SMS, "sms://x"),
        (MAIL, "no mail"),
        (MAIL, "a@b@c"),
        (MAIL, "a@example.org\r\nBcc: x@example.org"),
        (MAIL, "a@ex..org"),
        (MAIL, "mailto://user:pass@host"),
        (CHAT, "19912345678"),
        (CHAT, "json://127.0.0.1/hook"),
        (CHAT, "syslog://"),
        (CHAT, "wecombot://key?endpoint=https://10.0.0.1"),
        (CHAT, "wecombot://key?Endpoint=https://10.0.0.1"),
        (CHAT, "wecombot://" + "k" * 3000),
        (CHAT, "wecombot://[broken"),
        (ChannelClass.PHONE, NEW),
        (ChannelClass.APP, NEW),
    ],
)
def test_what_a_person_may_not_give(city, ask, memory, channel, address):
    with pytest.raises(WrongValue):
        ask(address, channel)
    assert memory.letters == []


def test_an_administrator_may_give_any_url(ask):
    assert ask("json://127.0.0.1/hook", CHAT, by=ADMINISTRATOR).address == "json://127.0.0.1/hook"


def test_a_refused_address_is_not_repeated_in_full(ask):
    with pytest.raises(WrongValue) as told:
        ask("json://user:secret-token@127.0.0.1/hook", CHAT)
    assert "secret-token" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wecombot://", "wecombot://KEY"),
        ("wecombot://key?form=poem", "form= one of text, markdown, card, news"),
        ("wecom://corp:secret@agent/user", "wecom://CORPID:SECRET@AGENTID/user"),
        ("dingtalk://token?endpoint=http://example.org", "endpoint= with https://"),
        ("aliyunsms://id:secret@sign/?template.default=SMS_1", "a phone number in the path, or to="),
        ("aliyunsms://id:secret@sign/19900000001", "template.default=CODE"),
        ("smsgates://host/?to=19900000001&json={", "json= with a JSON document"),
        ("dubanhooks://host/path", "dubanhooks://host/path?secret=…"),
        ("nosuch://host/path", "a URL that Apprise knows"),
    ],
)
def test_a_url_that_can_never_work_is_refused_with_what_is_wrong(ask, memory, url, expected):
    with pytest.raises(WrongValue) as told:
        ask(url, CHAT, by=ADMINISTRATOR)

    assert told.value.params["expected"] == expected
    assert memory.letters == []

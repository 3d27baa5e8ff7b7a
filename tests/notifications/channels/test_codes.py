"""Every code that a provider documents ends as it should. These lists are written by hand from the providers' pages."""

from datetime import timedelta

import pytest

from models.message import Outcome
from notifications.channels.base import Fault
from notifications.channels.codes import Codes, fine, later
from notifications.channels.dingtalk import DingTalk
from notifications.channels.feishu import Feishu
from notifications.channels.wecom_app import WecomApp
from notifications.channels.wecombot import WecomBot
from tests.notifications.channels.robots import KEY, SECRET, SECRETS
from tests.notifications.channels.sinks import LETTER

ENDS = {
    "sent": (Outcome.SENT, None),
    "later": (Outcome.REFUSED, None),
    "never": (Outcome.PERMANENT, None),
    "nobody": (Outcome.PERMANENT, Fault.ADDRESS),
    "ours": (Outcome.PERMANENT, Fault.OURS),
    "doubt": (Outcome.UNKNOWN, None),
}
OF_WECOM = {
    "sent": "0",
    "later": "-1 45009 45033",
    "never": "40008 40033 40035 40039 40058 40063 40094 40127 41010 41016 41033 44004 45002 45008 45034 82004 85002",
    "ours": "60020 301042",
}
DOCUMENTED = {
    "wecombot": {**OF_WECOM, "nobody": "93000 93004 93008 49008"},
    "wecom": {
        **OF_WECOM,
        "later": f"{OF_WECOM['later']} 40014 42001 41001",
        "never": f"{OF_WECOM['never']} 40016 40017 40018 40019 40020 42017 42018 42019 42020",
        "nobody": "40003 40031 40032 40066 40068 40070 41009 43004 46004 50002 60003 60011 60021 60111 60123 81012"
        " 81013 82001 82002 82003 92000 301021 invaliduser",
        "ours": f"{OF_WECOM['ours']} 40001 40013 40056 40091 41002 41004 41011 41024 43009 43012 48002 48004 48005"
        " 48006 50003 84085 90302 301002 670001 2000002 unlicenseduser",
        "doubt": "42014",
    },
    "dingtalk": {
        "sent": "0",
        "later": "-1 130101 410100",
        "never": "40035 101002 400105 430101 430102 430103 430104 460101",
        "nobody": "300001 400013 400101 400102 400106",
        "ours": "310000 43004 90030",
    },
    "feishu": {
        "sent": "0",
        "later": "9499 11232 99991400",
        "never": "19002 19036",
        "nobody": "19001",
        "ours": "19021 19022 19024",
    },
}
TABLES = {"wecombot": WecomBot.codes, "wecom": WecomApp.codes, "dingtalk": DingTalk.codes, "feishu": Feishu.codes}
WAITS = {
    ("wecombot", "45009"): 1,
    ("wecom", "45009"): 1,
    ("wecom", "-1"): 1,
    ("dingtalk", "130101"): 10,
    ("dingtalk", "410100"): 10,
    ("feishu", "11232"): 1,
}
CASES = [
    (provider, code, ENDS[end])
    for provider, ends in DOCUMENTED.items()
    for end, codes in ends.items()
    for code in codes.split()
]


@pytest.mark.parametrize("provider", DOCUMENTED)
def test_a_table_holds_what_is_documented_and_nothing_else(provider):
    assert {line.code for line in TABLES[provider]} == set(" ".join(DOCUMENTED[provider].values()).split())


def test_each_documented_code_ends_as_it_should(chat, provider):
    for name, code, (outcome, fault) in CASES:
        if code.lstrip("-").isdigit():
            provider.say(name, int(code))
            sent = chat.send(provider.address(name), letter=LETTER)
            assert (sent.code, sent.outcome, sent.fault) == (code, outcome, fault), name


@pytest.mark.parametrize(("provider_name", "code"), WAITS)
def test_the_time_to_wait_is_the_documented_one(chat, provider, provider_name, code):
    provider.say(provider_name, int(code))
    sent = chat.send(provider.address(provider_name), letter=LETTER)
    assert sent.retry_after == timedelta(minutes=WAITS[provider_name, code])


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_code_may_come_as_text_and_with_an_error_status(chat, provider, name):
    code = DOCUMENTED[name]["later"].split()[-1]
    provider.say(name, code)
    provider.answer = (400, *provider.answer[1:])
    sent = chat.send(provider.address(name), letter=LETTER)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, code)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_an_unknown_code_is_a_refusal_and_tells_no_token(chat, provider, name):
    provider.say(name, 77777)
    sent = chat.send(provider.address(name), letter=LETTER)
    assert (sent.outcome, sent.code, sent.retry_after) == (Outcome.REFUSED, "77777", None)
    assert "said of" in sent.detail
    assert not [secret for secret in SECRETS[name] if secret in sent.detail]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_success_under_a_failing_status_is_none(chat, provider, name):
    provider.say(name, 0)
    provider.answer = (500, *provider.answer[1:])
    assert chat.send(provider.address(name), letter=LETTER).outcome == Outcome.REFUSED


@pytest.mark.parametrize("name", DOCUMENTED)
@pytest.mark.parametrize("text", ["<html>sign in</html>", "", "[]", "{}", "null", '{"errcode": null, "code": null}'])
def test_what_is_no_answer_of_the_provider_is_doubt(chat, provider, name, text):
    provider.answer = (200, {}, text)
    assert chat.send(provider.address(name), letter=LETTER).outcome == Outcome.UNKNOWN


def test_operators_read_both_languages_and_no_secret():
    for table in TABLES.values():
        for line in table:
            said = table.judge(line.code, said=f"{KEY} {SECRET}").detail
            assert line.outcome == Outcome.SENT or said == f"{line.zh} / {line.en}"
            assert line.zh
            assert line.en.isascii()


def test_a_code_cannot_stand_in_a_table_twice():
    with pytest.raises(ValueError, match="twice"):
        Codes(fine(0), later("0", "", ""))

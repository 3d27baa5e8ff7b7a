"""Which template of a provider an SMS takes, and what a phone number is."""

import pytest

from notifications.channels.base import SmsText
from notifications.channels.sms_text import STANDS_IN, VARIABLES, chosen, masked, phone_of, with_country

ALL = {name: name.upper() for name in VARIABLES}


@pytest.mark.parametrize(
    ("what", "values", "named"),
    [
        ("due", ("3", "11月2日"), {"count": "3", "date": "11月2日"}),
        ("overdue", ("3", "11月2日"), {"count": "3", "date": "11月2日"}),
        ("waiting", ("3",), {"count": "3"}),
        ("news", ("3",), {"count": "3"}),
        ("code", ("123456",), {"code": "123456"}),
    ],
)
def test_a_text_takes_the_template_of_its_name(what, values, named):
    assert chosen(SmsText(what, values), templates=ALL) == (what.upper(), named)


@pytest.mark.parametrize("what", ["due", "overdue"])
def test_one_template_can_serve_every_notice(what):
    text = SmsText(what, ("3", "11月2日"))
    assert chosen(text, templates={"default": "SMS_1"}) == ("SMS_1", {"count": "3", "date": "11月2日"})


@pytest.mark.parametrize("what", ["waiting", "news"])
def test_a_text_without_a_day_has_a_word_for_a_template_that_wants_one(what):
    assert chosen(SmsText(what, ("3",)), templates={"default": "SMS_1"}) == ("SMS_1", {"count": "3", "date": "近期"})


def test_a_template_without_a_day_stands_in_without_the_day():
    assert chosen(SmsText("overdue", ("3", "11月2日")), templates={"waiting": "SMS_3"}) == ("SMS_3", {"count": "3"})


def test_no_notice_takes_the_place_of_a_code():
    assert chosen(SmsText("code", ("123456",)), templates={"default": "SMS_1", "waiting": "SMS_2"}) is None


def test_no_code_takes_the_place_of_a_notice():
    for what in STANDS_IN.keys() - {"code"}:
        assert chosen(SmsText(what, ("3", "11月2日")), templates={"code": "SMS_9"}) is None


def test_a_letter_that_is_no_sms_says_that_something_waits():
    assert chosen(None, templates=ALL) == ("WAITING", {"count": "1"})


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("19900000001", "19900000001"),
        (" 199-0000 0001", "19900000001"),
        ("+86 199 0000 0001", "+8619900000001"),
        ("0086 19900000001", "+8619900000001"),
        ("(0813) 8100000", "08138100000"),
        ("", None),
        ("1990", None),
        ("陈立行", None),
        ("１９９００００００００１", None),
        ("19900000001,19900000002", None),
        ("19900000001?x=1", None),
        ("+86+19900000001", None),
    ],
)
def test_a_phone_number_is_read_as_people_write_it(written, number):
    assert phone_of(written) == number


@pytest.mark.parametrize("written", ["19900000001", "8619900000001", "+8619900000001"])
def test_a_mainland_number_gets_its_country(written):
    assert with_country(written) == "+8619900000001"


def test_a_number_from_abroad_keeps_its_country():
    assert with_country("+85290000001") == "+85290000001"


def test_numbers_are_blotted_out():
    assert masked("to +8619900000001: 触发流控Permits:5") == "to +861****0001: 触发流控Permits:5"

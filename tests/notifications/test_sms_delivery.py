"""From the outbox to a phone: the gateway of the installation, neutral texts, what a refusal means for the reader."""

import json
import logging
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text

from models.message import MessageState as S
from notifications.channels import Gateways, open_channels, plugin
from tests.cast import MONDAY, an_issue, at
from tests.notifications.channels.noting import begin_anew, hasty, noting_sink
from tests.notifications.desk import MAIL, PHONE, a_contact, a_message, run, stands, tries

HANDLER = "R00006"
OK = (200, {}, '{"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "R-1"}')


@pytest.fixture(scope="module")
def one_sink():
    with noting_sink() as sink:
        yield sink


@pytest.fixture
def sink(one_sink):
    one_sink.answer = OK
    return begin_anew(one_sink)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(plugin, "shared_http", hasty)


@pytest.fixture
def channels(sink):
    templates = "template.default=SMS_1&template.overdue=SMS_2&template.news=SMS_3"
    url = f"aliyunsms://LTAI5tKey:VerySecret@SIGN/?{templates}&endpoint={sink.http}"
    channels = open_channels(Gateways(sms_url=url))
    yield channels
    channels.close()


def said(sink) -> list[tuple[str, dict[str, str]]]:
    return [(one.query["TemplateCode"], json.loads(one.query["TemplateParam"])) for one in sink.requests]


def an_sms_about_an_issue(session, **fields) -> None:
    an_issue(session, state="assigned")
    session.connection().execute(text("UPDATE message SET channels = '{app,sms}'"))
    for name, value in fields.items():
        session.connection().execute(text(f"UPDATE message SET {name} = :value"), {"value": value})
    session.commit()


def test_a_phone_number_is_reached_through_the_gateway(city, engine, sink, channels):
    a_contact(city, HANDLER, "sms", PHONE)
    key = a_message(city, channels=["app", "sms"])
    assert run(engine, channels).sent == 1
    assert (stands(city, key).state, sink.requests[0].query["PhoneNumbers"]) == (S.SENT, PHONE)


@pytest.mark.parametrize(
    ("now", "code", "values"),
    [
        (MONDAY, "SMS_1", {"count": "1", "date": "11月5日"}),
        (at("2026-11-06 09:00"), "SMS_2", {"count": "1", "date": "11月5日"}),
    ],
)
def test_the_text_says_whether_the_day_is_over(city, engine, sink, channels, now, code, values):
    a_contact(city, HANDLER, "sms", PHONE)
    an_sms_about_an_issue(city)
    run(engine, channels, now=now)
    assert said(sink) == [(code, values)]


def test_what_is_over_is_no_task(city, engine, sink, channels):
    a_contact(city, HANDLER, "sms", PHONE)
    an_sms_about_an_issue(city, kind="stand_down")
    run(engine, channels)
    assert said(sink) == [("SMS_3", {"count": "1"})]


@pytest.mark.parametrize("channel", ["chat", "mail"])
def test_a_providers_url_of_another_class_gets_the_neutral_text_too(city, engine, sink, channels, channel):
    template = quote('{"to": "{phone}", "say": "{text}"}')
    a_contact(city, HANDLER, channel, f"smsgate://127.0.0.1:{sink.server_port}/send?to={PHONE}&json={template}")
    an_sms_about_an_issue(city, channels=["app", channel])
    run(engine, channels)
    assert json.loads(sink.got[0]) == {"to": PHONE, "say": "您有1项任务将于11月5日到期，请登录系统查看"}


@pytest.mark.parametrize("code", ["isv.SMS_TEMPLATE_ILLEGAL", "isv.MOBILE_NUMBER_ILLEGAL", "SignatureDoesNotMatch"])
def test_after_a_refusal_for_good_the_next_contact_takes_over_at_once(city, engine, sink, channels, memory, code):
    sink.answer = (200, {}, json.dumps({"Code": code, "Message": PHONE}))
    channels._open["mail"] = memory
    a_contact(city, HANDLER, "sms", PHONE)
    key = a_message(city, channels=["app", "sms"])
    run(engine, channels)
    assert tries(city, key) == [(PHONE, "permanent"), (MAIL, "sent")]


def test_a_limit_of_a_minute_is_waited_for(city, engine, sink, channels):
    sink.answer = (200, {}, '{"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"}')
    a_contact(city, HANDLER, "sms", PHONE)
    key = a_message(city, channels=["app", "sms"])
    run(engine, channels)
    sink.answer = OK
    assert (stands(city, key).state, stands(city, key).not_before) == (S.REFUSED, MONDAY + timedelta(minutes=1))
    assert run(engine, channels, now=MONDAY + timedelta(minutes=1)).sent == 1


def test_doubt_is_not_repeated(city, engine, sink, channels, memory):
    sink.answer = "drop"
    channels._open["mail"] = memory
    a_contact(city, HANDLER, "sms", PHONE)
    key = a_message(city, channels=["app", "sms"])
    run(engine, channels)
    run(engine, channels, now=MONDAY + timedelta(days=1))
    assert (tries(city, key), len(sink.got)) == ([(PHONE, "unknown"), (MAIL, "sent")], 1)


def test_no_log_and_no_attempt_shows_a_secret(city, engine, sink, channels, caplog):
    caplog.set_level(logging.DEBUG)
    sink.answer = (200, {}, json.dumps({"Code": "isv.NEW", "Message": f"LTAI5tKey VerySecret {PHONE} SIGN"}))
    a_contact(city, HANDLER, "sms", PHONE)
    a_message(city, channels=["app", "sms"])
    caplog.clear()
    run(engine, channels)
    rows = city.connection().execute(text("SELECT code || detail FROM attempt")).scalars().all()
    shown = "".join([*rows, *(one.getMessage() for one in caplog.records if not one.name.startswith("sqlalchemy"))])
    assert not [secret for secret in (PHONE, "LTAI5tKey", "VerySecret") if secret in shown]
    assert rows

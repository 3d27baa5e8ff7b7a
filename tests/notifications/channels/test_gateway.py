"""SMS over any HTTP gateway: what it is sent, and what counts as a yes."""

import json
import logging
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, quote

import apprise
import pytest

from models.message import Outcome
from notifications.channels import plugin
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Fault, SmsText
from notifications.channels.sms_gateway import SmsGateway
from tests.notifications.channels.noting import MISBEHAVIOUR, begin_anew, hasty, noting_sink
from tests.notifications.channels.sinks import LETTER, certificate

PHONE = "19900000001"
TEXT = '您有3项"任务"将于11月2日到期&a=b，请登录系统查看'
NOTICE = replace(LETTER, title="", body=TEXT, sms=SmsText("due", ("3", "11月2日")))
BY_CODE = {"field": "code", "ok": "0,success", "number": "107,108", "ours": "401"}


@pytest.fixture(scope="module")
def one_sink():
    with noting_sink() as sink:
        yield sink


@pytest.fixture
def sink(one_sink):
    one_sink.answer = (200, {}, '{"code": 0}')
    return begin_anew(one_sink)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(plugin, "shared_http", hasty)


def url(sink, path: str = "/sms/send", who: str = "", **arguments: str) -> str:
    given = "&".join(f"{name}={quote(text, safe='')}" for name, text in arguments.items())
    scheme = "smsgates" if sink.scheme == "https" else "smsgate"
    return f"{scheme}://{who}127.0.0.1:{sink.server_port}{path}?{given}"


def send(sink, *, to: str = PHONE, letter=NOTICE, **arguments):
    return SmsGateway(url(sink, **arguments)).send(to, letter=letter)


def test_without_a_template_a_plain_document_is_sent(sink):
    assert send(sink).outcome == Outcome.SENT
    assert json.loads(sink.got[0]) == {"phone": PHONE, "text": TEXT, "key": LETTER.key}
    assert (sink.requests[0].method, sink.requests[0].path) == ("POST", "/sms/send")


def test_a_json_template_is_filled_in_at_every_depth(sink):
    template = (
        '{"to": ["{phone}"], "msg": {"content": "【创建办】{text}", "n": 1, "vars": ["{1}", "{2}", "{template}"]}}'
    )
    send(sink, json=template)
    assert json.loads(sink.got[0]) == {
        "to": [PHONE],
        "msg": {"content": f"【创建办】{TEXT}", "n": 1, "vars": ["3", "11月2日", "due"]},
    }


def test_a_form_template_is_filled_in(sink):
    send(sink, form="mobile={phone}&content={text}&tag=")
    assert parse_qsl(sink.got[0], keep_blank_values=True) == [("mobile", PHONE), ("content", TEXT), ("tag", "")]
    assert sink.requests[0].headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"


def test_a_form_may_be_gbk(sink):
    send(sink, form="content={text}", encoding="gbk")
    assert parse_qsl(sink.got[0], encoding="gbk") == [("content", TEXT)]


def test_a_query_template_is_a_get(sink):
    send(sink, query="m={phone}&c={text}&t={time}")
    got = sink.requests[0]
    assert (got.method, got.body) == ("GET", "")
    assert got.query == {"m": PHONE, "c": TEXT, "t": str(int(LETTER.at.timestamp()))}


def test_a_user_signs_in(sink):
    send(sink, who="duban:Very%2FSecret@")
    assert sink.requests[0].headers["Authorization"] == f"Basic {b64encode(b'duban:Very/Secret').decode()}"


def test_a_user_that_the_template_names_does_not_sign_in_twice(sink):
    send(sink, who="duban:secret@", form="u={user}&p={password}&m={phone}")
    assert sink.got[0] == f"u=duban&p=secret&m={PHONE}"
    assert "Authorization" not in sink.requests[0].headers


def test_headers_may_be_given(sink):
    send(sink, **{"header.X-Api-Key": "k-1", "header.X-Request-Id": "{key}"})
    assert sink.requests[0].headers["X-Api-Key"] == "k-1"
    assert sink.requests[0].headers["X-Request-Id"] == LETTER.key


@pytest.mark.parametrize("way", ["json", "form", "query"])
def test_a_text_cannot_change_the_form_of_what_is_sent(sink, way):
    hostile = 'x","admin":"1","y":"&admin=1&{password}\r\nX: 1'
    template = '{"m": "{phone}", "c": "{text}"}' if way == "json" else "m={phone}&c={text}"
    send(sink, letter=replace(NOTICE, body=hostile), who="u:s3cr3t@", **{way: template})
    got = sink.requests[0]
    said = json.loads(got.body) if way == "json" else dict(parse_qsl(got.body)) if way == "form" else got.query
    assert said == {"m": PHONE, "c": hostile}


def test_a_url_with_the_number_in_it_works_wherever_apprise_takes_one(sink):
    AppriseUrl()
    service = apprise.Apprise()
    assert service.add(url(sink, to=PHONE))
    assert service.notify("您有1项任务待处理")
    assert json.loads(sink.got[0])["phone"] == PHONE


@pytest.mark.parametrize(
    ("answer", "outcome", "fault", "code"),
    [
        ('{"code": 0}', Outcome.SENT, None, "0"),
        ('{"code": "success"}', Outcome.SENT, None, "success"),
        ('{"code": 107}', Outcome.PERMANENT, Fault.ADDRESS, "107"),
        ('{"code": "401"}', Outcome.PERMANENT, Fault.OURS, "401"),
        ('{"code": 500}', Outcome.REFUSED, None, "500"),
        ('{"code": false}', Outcome.REFUSED, None, "false"),
        ('{"status": 0}', Outcome.UNKNOWN, None, "answer"),
        ('{"code": null}', Outcome.UNKNOWN, None, "answer"),
        ("<html>please sign in</html>", Outcome.UNKNOWN, None, "answer"),
        ("", Outcome.UNKNOWN, None, "answer"),
    ],
)
def test_a_field_of_the_answer_decides(sink, answer, outcome, fault, code):
    sink.answer = (200, {}, answer)
    sent = send(sink, **BY_CODE)
    assert (sent.outcome, sent.fault, sent.code) == (outcome, fault, code)


def test_a_value_that_holds_the_number_is_blotted_out(sink):
    sink.answer = (200, {}, json.dumps({"code": f"bad number {PHONE}"}))
    assert send(sink, **BY_CODE).code == "bad number 199****0001"


def test_the_field_may_lie_deeper(sink):
    sink.answer = (200, {}, '{"data": {"result": {"code": "OK"}}}')
    assert send(sink, field="data.result.code", ok="OK").outcome == Outcome.SENT


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("0,20261102", Outcome.SENT), ("OK:123", Outcome.SENT), ("-3", Outcome.REFUSED), ("  ", Outcome.UNKNOWN)],
)
def test_without_a_field_the_first_word_decides(sink, answer, outcome):
    sink.answer = (200, {}, answer)
    assert send(sink, ok="0,OK").outcome == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"), [('{"code": 0}', Outcome.SENT), ("fine", Outcome.SENT), ('{"code": 7}', Outcome.REFUSED)]
)
def test_without_a_rule_the_usual_error_fields_count(sink, answer, outcome):
    sink.answer = (200, {}, answer)
    assert send(sink).outcome == outcome


@pytest.mark.parametrize(
    ("status", "outcome", "fault"),
    [
        (302, Outcome.PERMANENT, Fault.OURS),
        (401, Outcome.PERMANENT, Fault.OURS),
        (404, Outcome.PERMANENT, Fault.OURS),
        (429, Outcome.REFUSED, None),
        (500, Outcome.REFUSED, None),
        (502, Outcome.UNKNOWN, None),
        (503, Outcome.REFUSED, None),
    ],
)
def test_a_bad_status_is_never_the_fault_of_a_phone_number(sink, status, outcome, fault):
    sink.answer = (status, {"Location": "/elsewhere"}, '{"code": 0}')
    sent = send(sink, **BY_CODE)
    assert (sent.outcome, sent.fault, len(sink.got)) == (outcome, fault, 1)


def test_too_many_requests_name_their_time(sink):
    sink.answer = (429, {"Retry-After": "7"}, "")
    assert send(sink, **BY_CODE).retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOUR)
def test_silence_after_the_request_is_doubt_and_nothing_is_repeated(sink, misbehaviour):
    sink.answer = misbehaviour
    assert (send(sink, **BY_CODE).outcome, len(sink.got)) == (Outcome.UNKNOWN, 1)


def test_a_certificate_that_nobody_trusts_is_a_refusal(tmp_path):
    with noting_sink(certificate(tmp_path)[0]) as sink:
        assert (send(sink).outcome, send(sink).code, sink.got) == (Outcome.REFUSED, "connect", [])


def test_what_is_no_phone_number_is_not_sent(sink):
    assert (send(sink, to="陈立行").fault, sink.got) == (Fault.ADDRESS, [])


@pytest.mark.parametrize(
    "arguments",
    [
        {"json": "{phone}"},
        {"json": '{"a": "{nothing}"}'},
        {"form": "a={nothing}"},
        {"form": "a={phone}", "json": "{}"},
        {"header.X": "{nothing}"},
        {"header.X": "{text}"},
        {"encoding": "klingon"},
    ],
)
def test_a_template_that_cannot_be_used_is_noticed_at_the_start(sink, arguments):
    with pytest.raises(ValueError, match=r"place|JSON|one of|encoding"):
        SmsGateway(url(sink, **arguments))


@pytest.mark.parametrize(
    "made", ['{"code": 0}', '{"code": 107}', '{"code": 9, "msg": "19900000001 Very/Secret"}', "drop"]
)
@pytest.mark.parametrize("rule", [{}, BY_CODE])
def test_neither_number_nor_password_is_logged_or_said(sink, caplog, made, rule):
    caplog.set_level(logging.DEBUG)
    sink.answer = made if made == "drop" else (200, {}, made)
    sent = send(sink, who="duban00:Very%2FSecret@", query="m={phone}&p={password}", **rule)
    for secret in (PHONE, "Very/Secret", "Very%2FSecret"):
        assert secret not in caplog.text + sent.detail + sent.code

"""Aliyun's SMS: the signature of the documented examples, the request, and what each documented answer comes to."""

import hmac
import json
import logging
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import apprise
import pytest

from models.message import Outcome
from notifications.channels import plugin
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Fault, SmsText
from notifications.channels.sms_aliyun import AliyunSms, sign
from notifications.channels.sms_aliyun_codes import CODES
from notifications.channels.sms_gateway import SmsGateway
from tests.notifications.channels.noting import MISBEHAVIOUR, begin_anew, hasty, noting_sink
from tests.notifications.channels.sinks import LETTER, certificate

PHONE = "19900000001"
DUE = replace(LETTER, sms=SmsText("due", ("3", "11月2日")))
# Source: help.aliyun.com, "Domestic SMS API error codes", those that SendSms answers with.
NAMED = """
OK isv.SMS_SIGNATURE_SCENE_ILLEGAL isv.EXTEND_CODE_ERROR isv.SIGN_STATE_ILLEGAL isv.DOMESTIC_NUMBER_NOT_SUPPORTED
isv.DENY_IP_RANGE isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL isv.SMS_CONTENT_ILLEGAL isv.SMS_SIGN_ILLEGAL
isp.RAM_PERMISSION_DENY isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS
isv.ACCOUNT_ABNORMAL isv.SMS_TEMPLATE_ILLEGAL isv.SMS_SIGNATURE_ILLEGAL isv.INVALID_PARAMETERS isp.SYSTEM_ERROR
isv.MOBILE_NUMBER_ILLEGAL isv.MOBILE_COUNT_OVER_LIMIT isv.TEMPLATE_MISSING_PARAMETERS isv.BUSINESS_LIMIT_CONTROL
isv.INVALID_JSON_PARAM isv.BLACK_KEY_CONTROL_LIMIT isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL
isv.AMOUNT_NOT_ENOUGH isv.TEMPLATE_PARAMS_ILLEGAL SignatureDoesNotMatch InvalidTimeStamp.Expired SignatureNonceUsed
InvalidVersion InvalidAction.NotFound isv.SIGN_COUNT_OVER_LIMIT isv.TEMPLATE_COUNT_OVER_LIMIT isv.SIGN_NAME_ILLEGAL
isv.SIGN_FILE_LIMIT isv.SIGN_OVER_LIMIT isv.TEMPLATE_OVER_LIMIT SIGNATURE_BLACKLIST isv.SHORTURL_OVER_LIMIT
isv.NO_AVAILABLE_SHORT_URL isv.SHORTURL_NAME_ILLEGAL isv.SOURCEURL_OVER_LIMIT isv.SHORTURL_TIME_ILLEGAL
isv.PHONENUMBERS_OVER_LIMIT isv.SHORTURL_STILL_AVAILABLE isv.ERROR_EMPTY_FILE isp.GATEWAY_ERROR
isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY isv.ERROR_TEMPLATE_NOT_DELETE isv.ERROR_TEMPLATE_NOT_MODIFY
isv.SMS_OVER_LIMIT isv.CUSTOMER_REFUSED isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SHORTURL_DOMAIN_EMPTY
template_parameter_count_illegal isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL isv.SMS_TEST_NUMBER_LIMIT
isv.SMS_SIGN_EMOJI_ILLEGAL isv.SECURITY_FROZEN_ACCOUNT IS_CLOSE PARAMS_ILLEGAL MOBILE_NOT_ON_SERVICE MOBILE_SEND_LIMIT
MOBILE_ACCOUNT_ABNORMAL MOBILE_IN_BLACK MOBLLE_TERMINAL_ERROR CONTENT_KEYWORD INVALID_NUMBER CONTENT_ERROR
REQUEST_SUCCESS SP_NOT_BY_INTER_SMS SP_UNKNOWN_ERROR USER_REJECT NO_ROUTE isv.UNSUPPORTED_CONTENT
isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR
PORT_NOT_REGISTERED isv.SIGN_SOURCE_ILLEGAL
"""
DOCUMENTED = NAMED.split()


@pytest.fixture(scope="module")
def one_sink():
    with noting_sink() as sink:
        yield sink


@pytest.fixture
def sink(one_sink):
    one_sink.answer = answer("OK")
    return begin_anew(one_sink)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(plugin, "shared_http", hasty)


def answer(code: str, said: str = "words", status: int = 200) -> tuple[int, dict[str, str], str]:
    return status, {}, json.dumps({"Code": code, "Message": said, "RequestId": "R-1"})


def url(sink, more: str = "template.default=SMS_1&template.overdue=SMS_2", phone: str = "") -> str:
    name = "%E5%88%9B%E5%BB%BA%E5%8A%9E"  # 创建办
    return f"aliyunsms://LTAI5tKey:Very%2FSecret@{name}/{phone}?{more}&endpoint={sink.http}"


def send(sink, letter=DUE, to: str = PHONE):
    return SmsGateway(url(sink)).send(to, letter=letter)


@pytest.mark.parametrize(
    ("date", "nonce", "signature"),
    [
        (
            "2023-10-26T10:22:32Z",
            "3156853299f313e23d1673dc12e1703d",
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        ),
        (
            "2023-10-26T09:01:01Z",
            "d410180a5abf7fe235dd9b74aca91fc0",
            "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804",
        ),
    ],
)
def test_the_documented_examples_are_signed_as_documented(date, nonce, signature):
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    signed = sign(headers, query=query, key_id="YourAccessKeyId", secret="YourAccessKeySecret")
    assert signed["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        f"x-acs-signature-nonce;x-acs-version,Signature={signature}"
    )


def test_a_phone_number_gets_the_template_and_its_values(sink):
    assert send(sink).outcome == Outcome.SENT
    got = sink.requests[0]
    assert got.query == {
        "PhoneNumbers": PHONE,
        "SignName": "创建办",
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"count": "3", "date": "11月2日"}',
        "OutId": LETTER.key,
    }
    assert (got.headers["x-acs-action"], got.headers["x-acs-version"]) == ("SendSms", "2017-05-25")
    assert got.headers["x-acs-date"] == "2026-11-02T02:00:00Z"


def test_what_arrives_is_signed(sink):
    """The receiver's side, from what came over the line."""
    send(sink)
    got = sink.requests[0]
    given = re.search(r"SignedHeaders=([^,]+),Signature=(\w+)", got.headers["Authorization"])
    names = given[1].split(";")
    lines = "".join(f"{name}:{got.headers[name]}\n" for name in names)
    whole = f"POST\n/\n{got.path.split('?', 1)[1]}\n{lines}\n{given[1]}\n{sha256(got.body.encode()).hexdigest()}"
    text = f"ACS3-HMAC-SHA256\n{sha256(whole.encode()).hexdigest()}"
    assert {"host", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"} <= set(names)
    assert hmac.new(b"Very/Secret", text.encode(), sha256).hexdigest() == given[2]


def test_no_two_requests_have_the_same_nonce(sink):
    for _ in range(3):
        send(sink)
    assert len({one.headers["x-acs-signature-nonce"] for one in sink.requests}) == 3


def test_many_threads_share_a_gateway(sink):
    gateway = SmsGateway(url(sink))
    phones = [f"199000000{n:02}" for n in range(24)]
    with ThreadPoolExecutor(8) as crew:
        outcomes = list(crew.map(lambda phone: gateway.send(phone, letter=DUE).outcome, phones))
    assert outcomes == [Outcome.SENT] * 24
    assert sorted(one.query["PhoneNumbers"] for one in sink.requests) == phones


def test_nothing_of_the_problem_is_sent(sink):
    send(sink)
    assert not any(word in sink.requests[0].path + sink.requests[0].body for word in ("垃圾", "%E5%9E%83", "ZG-2026"))


def test_a_url_with_the_number_in_it_works_wherever_apprise_takes_one(sink):
    AppriseUrl()
    service = apprise.Apprise()
    assert service.add(url(sink, phone=PHONE))
    assert service.notify("高山井社区大道：垃圾桶满溢")
    assert sink.requests[0].query["PhoneNumbers"] == PHONE
    assert sink.requests[0].query["TemplateParam"] == '{"count": "1", "date": "近期"}'


def test_the_number_may_be_an_argument(sink):
    made = AliyunSms(whole=url(sink, more=f"template.default=SMS_1&to={PHONE}"))
    assert made.deliver(DUE).outcome == Outcome.SENT


@pytest.mark.parametrize("code", sorted({*DOCUMENTED, *(line.code for line in CODES)}))
def test_every_code_ends_in_the_state_that_the_table_names(sink, code):
    sink.answer = answer(code)
    sent, line = send(sink), CODES.get(code)
    assert (sent.outcome, sent.fault, sent.code) == (line.outcome, line.fault, code)
    assert bool(sent.detail) == (sent.outcome != Outcome.SENT)


def test_no_documented_code_is_missing():
    assert [code for code in DOCUMENTED if code not in CODES] == []
    assert max(Counter(DOCUMENTED).values()) == 1


@pytest.mark.parametrize(
    ("code", "outcome", "fault"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Outcome.PERMANENT, Fault.ADDRESS),
        ("isv.BLACK_KEY_CONTROL_LIMIT", Outcome.PERMANENT, Fault.ADDRESS),
        ("MOBILE_NOT_ON_SERVICE", Outcome.PERMANENT, None),
        ("isv.SMS_TEMPLATE_ILLEGAL", Outcome.PERMANENT, Fault.OURS),
        ("isv.AMOUNT_NOT_ENOUGH", Outcome.PERMANENT, Fault.OURS),
        ("isv.DAY_LIMIT_CONTROL", Outcome.PERMANENT, Fault.OURS),
        ("SignatureDoesNotMatch", Outcome.PERMANENT, Fault.OURS),
        ("isp.SYSTEM_ERROR", Outcome.REFUSED, None),
        ("isv.BUSINESS_LIMIT_CONTROL", Outcome.REFUSED, None),
        ("SP_UNKNOWN_ERROR", Outcome.UNKNOWN, None),
        ("isv.SOMETHING_NEW", Outcome.REFUSED, None),
        ("Throttling.SomethingNew", Outcome.REFUSED, None),
        ("InvalidAccessKeyId.SomethingNew", Outcome.PERMANENT, Fault.OURS),
    ],
)
def test_what_some_answers_mean(sink, code, outcome, fault):
    sink.answer = answer(code)
    sent = send(sink)
    assert (sent.outcome, sent.fault, sent.code) == (outcome, fault, code)


@pytest.mark.parametrize(
    ("said", "outcome", "wait"),
    [
        ("触发分钟级流控Permits:1", Outcome.REFUSED, timedelta(minutes=1)),
        ("触发小时级流控Permits:5", Outcome.REFUSED, timedelta(hours=1)),
        ("触发天级流控Permits:10", Outcome.PERMANENT, None),
        ("something else", Outcome.REFUSED, timedelta(minutes=1)),
    ],
)
def test_the_words_say_which_limit_of_a_number_was_met(sink, said, outcome, wait):
    sink.answer = answer("isv.BUSINESS_LIMIT_CONTROL", said)
    sent = send(sink)
    assert (sent.outcome, sent.retry_after, sent.fault) == (outcome, wait, None)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "Throttling.User", Outcome.REFUSED),
        (403, "SignatureDoesNotMatch", Outcome.PERMANENT),
        (404, "InvalidAccessKeyId.NotFound", Outcome.PERMANENT),
        (500, "InternalError", Outcome.REFUSED),
        (503, "ServiceUnavailable", Outcome.REFUSED),
    ],
)
def test_a_bad_status_with_a_known_code_counts_by_the_code(sink, status, code, outcome):
    sink.answer = answer(code, status=status)
    assert (send(sink).outcome, send(sink).code) == (outcome, code)


def test_too_many_requests_name_their_time(sink):
    sink.answer = (429, {"Retry-After": "7"}, "")
    assert (send(sink).outcome, send(sink).retry_after) == (Outcome.REFUSED, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Outcome.REFUSED), (502, Outcome.UNKNOWN), (503, Outcome.REFUSED), (504, Outcome.UNKNOWN)],
)
def test_a_bad_status_without_a_code(sink, status, outcome):
    sink.answer = (status, {}, "<html>")
    assert send(sink).outcome == outcome


@pytest.mark.parametrize("body", ["<html>please sign in</html>", "{}", "[]", '{"Code": null}', ""])
def test_a_page_that_is_no_answer_of_the_provider_is_doubt(sink, body):
    sink.answer = (200, {}, body)
    assert send(sink).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOUR)
def test_silence_after_the_request_is_doubt_and_nothing_is_repeated(sink, misbehaviour):
    sink.answer = misbehaviour
    assert (send(sink).outcome, len(sink.got)) == (Outcome.UNKNOWN, 1)


def test_a_certificate_that_nobody_trusts_is_a_refusal(tmp_path):
    with noting_sink(certificate(tmp_path)[0]) as sink:
        assert (send(sink).outcome, send(sink).code, sink.got) == (Outcome.REFUSED, "connect", [])


@pytest.mark.parametrize("to", ["", "陈立行", "1990", "19900000001,19900000002"])
def test_what_is_no_phone_number_is_not_sent(sink, to):
    assert (send(sink, to=to).outcome, send(sink, to=to).fault) == (Outcome.PERMANENT, Fault.ADDRESS)
    assert sink.got == []


def test_a_text_without_a_template_is_our_fault_and_not_sent(sink):
    sent = send(sink, replace(LETTER, sms=SmsText("code", ("123456",))))
    assert (sent.outcome, sent.code, sent.fault, sink.got) == (Outcome.PERMANENT, "template", Fault.OURS, [])


@pytest.mark.parametrize(
    "bad",
    [
        "aliyunsms://KEY@SIGN/?template.default=SMS_1",
        "aliyunsms://KEY:s3cr3t@/?template.default=SMS_1",
        "aliyunsms://KEY:s3cr3t@SIGN/",
        "aliyunsms://KEY:s3cr3t@SIGN/?template.overdeu=SMS_1",
        "aliyunsms://KEY:s3cr3t@SIGN/?template.default=SMS_1&endpoint=http://example.org",
        "smtp://127.0.0.1",
    ],
)
def test_a_gateway_that_cannot_be_used_is_refused_without_showing_its_secret(bad):
    with pytest.raises(ValueError, match=r"expected|template|https") as refused:
        SmsGateway(bad)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("made", ["OK", "isv.MOBILE_NUMBER_ILLEGAL", "isv.SOMETHING_NEW", "drop"])
def test_neither_number_nor_key_is_logged_or_said(sink, caplog, made):
    caplog.set_level(logging.DEBUG)
    sink.answer = made if made == "drop" else answer(made, f"{PHONE} and +86{PHONE}, key LTAI5tKey, Very/Secret")
    sent = send(sink)
    for secret in (PHONE, "LTAI5tKey", "Very/Secret", "Very%2FSecret"):
        assert secret not in caplog.text + sent.detail + sent.code


def test_the_url_with_privacy_shows_nothing(sink):
    made = AliyunSms(whole=url(sink, phone=PHONE))
    assert made.url(privacy=True) == "aliyunsms://***/"

"""What Aliyun's SMS is asked: signed as its documentation shows, in neutral words, and nothing that tells a secret."""

import hmac
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import apprise
import pytest

from models.message import Outcome
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Fault, SmsText
from notifications.channels.sms_aliyun import AliyunSms, sign
from notifications.channels.sms_gateway import SmsGateway
from tests.notifications.channels.aliyun.conftest import DUE, PHONE, answer, send, url
from tests.notifications.channels.sinks import LETTER


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

"""Aliyun on loopback, and letters for it."""

import json
from dataclasses import replace

import pytest

from notifications.channels import plugin
from notifications.channels.base import SmsText
from notifications.channels.sms_gateway import SmsGateway
from tests.notifications.channels.noting import begin_anew, hasty, noting_sink
from tests.notifications.channels.sinks import LETTER

PHONE = "19900000001"
DUE = replace(LETTER, sms=SmsText("due", ("3", "11月2日")))


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

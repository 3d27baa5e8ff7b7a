"""Feishu and Lark group robots: `feishu://[SECRET@]TOKEN` and `lark://[SECRET@]TOKEN`.

Arguments: `mentions` (open ids or user ids, `all`), `form` (card, text; a card unless told otherwise), `endpoint`. With
a secret, each request is signed. Words stand in the card as plain text: nothing in them is read as markup. A request
may have 20 KB. Source: open.feishu.cn, "自定义机器人使用指南".
"""

import hmac
import re
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from models.message import Outcome
from notifications.channels.base import Letter, Sent
from notifications.channels.codes import DAY, MINUTE, Codes, fine, later, never, nobody, ours
from notifications.channels.cut import compose, cut, json_size, utf8_size
from notifications.channels.http import Answer
from notifications.channels.markdown import text_links, without_tags
from notifications.channels.plugin import Plugin, encoded, word

REQUEST_BYTES = 20_000
TITLE_BYTES = 300
FORMS = ("card", "text")
RESET = "x-ogw-ratelimit-reset"
"""The header that says in how many seconds the limit is over. Source: open.feishu.cn, "Rate limits"."""


class Feishu(Plugin):
    """One robot in one group."""

    service_name = "Feishu"
    secure_protocol = "feishu"
    home: ClassVar[str] = "https://open.feishu.cn"
    # The provider's guide, its page on rate limits (99991400, with status 429 or 400), and two that users report
    # besides: 19002, 19036.
    # 9499 is said of a malformed request and, in practice, of too many: tried again, as often as any refusal.
    codes: ClassVar[Codes] = Codes(
        fine(0),
        later(9499, "请求无效或过于频繁", "bad request, or too many of them", MINUTE),
        later(11232, "系统繁忙被限流，请避开整点半点", "limited, as around the full hour; wait a minute", MINUTE),
        later(99991400, "请求过于频繁", "too many requests", MINUTE),
        nobody(19001, "机器人地址无效或已移除", "the robot's token is wrong, or it was removed"),
        ours(19021, "签名不匹配，或本机时间误差超过1小时", "the signature is wrong, or this clock is an hour off"),
        ours(19022, "本机IP不在白名单", "this machine's IP address is not on the list"),
        ours(19024, "消息不含机器人的关键词", "none of the robot's keywords is in the text"),
        never(19002, "消息参数有误", "the message is malformed"),
        never(19036, "消息过大", "the message is too large"),
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not self.to.host:
            raise TypeError("expected feishu://[SECRET@]TOKEN")
        if self.to.arguments.get("form", "card") not in FORMS:
            raise TypeError(f"form= one of {', '.join(FORMS)}")
        self.mentions = [one for one in self.to.list_of("mentions") if re.fullmatch(r"[A-Za-z0-9_-]+", one)]

    def deliver(self, letter: Letter) -> Sent:
        """Post it to the robot."""
        url = f"{self.endpoint}/open-apis/bot/v2/hook/{quote(self.to.host, safe='')}"
        return self.post(url, self.document(letter))

    def document(self, letter: Letter) -> dict[str, Any]:
        """What is posted."""
        make = self._text if self.to.arguments.get("form") == "text" else self._card
        signed = signature(self.to.user, at=letter.at) if self.to.user else {}
        spare = utf8_size(encoded({**signed, **make(letter, 0)}))
        return {**signed, **make(letter, REQUEST_BYTES - spare)}

    def judge(self, answer: Answer) -> Sent:
        """As every plugin; how long to wait, the provider says in a header of its own."""
        sent, seconds = super().judge(answer), answer.headers.get(RESET, "").strip()
        if sent.outcome != Outcome.REFUSED or not re.fullmatch(r"[0-9]{1,6}", seconds):
            return sent
        return replace(sent, retry_after=min(timedelta(seconds=int(seconds)), DAY))

    def read(self, document: Any) -> tuple[str, str]:
        """The code under its new name or its old one."""
        if not isinstance(document, dict):
            return "", ""
        code = document.get("code", document.get("StatusCode"))
        return word(code), word(document.get("msg") or document.get("StatusMessage"))

    def _text(self, letter: Letter, most: int) -> dict[str, Any]:
        ends = [*text_links(letter.links), *(f'<at user_id="{one}"></at>' for one in self.mentions)]
        title, body = without_tags(letter.title), without_tags(letter.body)
        return {"msg_type": "text", "content": {"text": compose(title, body, ends, most=most, size=json_size)}}

    def _card(self, letter: Letter, most: int) -> dict[str, Any]:
        elements: list[dict[str, Any]] = [_plain(cut(letter.body, most=max(most, 0), size=json_size))]
        if self.mentions:
            people = " ".join(f"<at id={one}></at>" for one in self.mentions)
            elements.append({"tag": "div", "text": {"tag": "lark_md", "content": people}})
        if letter.links:
            elements.append({"tag": "action", "actions": _buttons(letter)})
        title = {"tag": "plain_text", "content": cut(letter.title, most=TITLE_BYTES)}
        header = {"header": {"title": title, "template": "blue"}} if letter.title else {}
        return {"msg_type": "interactive", "card": {**header, "elements": elements}}


class Lark(Feishu):
    """The same outside China."""

    service_name = "Lark"
    secure_protocol = "lark"
    home: ClassVar[str] = "https://open.larksuite.com"


def signature(secret: str, *, at: datetime) -> dict[str, str]:
    """The two fields that prove that we know the secret: the text signed is empty, time and secret are the key."""
    stamp = str(int(at.timestamp()))
    digest = hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")
    return {"timestamp": stamp, "sign": b64encode(digest).decode()}


def _plain(text: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "plain_text", "content": text}}


def _buttons(letter: Letter) -> list[dict[str, Any]]:
    kinds = ["primary"] + ["default"] * (len(letter.links) - 1)
    return [
        {"tag": "button", "text": {"tag": "plain_text", "content": link.label}, "url": link.url, "type": kind}
        for link, kind in zip(letter.links, kinds, strict=True)
    ]

"""DingTalk group robots: `dingtalk://[SECRET@]TOKEN/mobile/userid`.

Mobile numbers, user ids (also in `users=`) and `@all` are mentioned: they are told to the provider and written into the
text, as it wants. Other arguments: `form` (text, markdown, card; else a card with buttons when there are links and
nobody is mentioned, or Markdown), `endpoint`. With a secret, each request is signed. A request may have 20,000 bytes.
Source: open.dingtalk.com, "自定义机器人发送群消息" and "机器人安全设置".
"""

import hmac
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from notifications.channels.base import Letter, Sent
from notifications.channels.codes import MINUTE, Codes, fine, later, never, nobody, ours
from notifications.channels.cut import compose, cut, json_size, utf8_size
from notifications.channels.markdown import bold, defused, markdown_links, text_links
from notifications.channels.plugin import Plugin, encoded

REQUEST_BYTES = 20_000
TITLE_BYTES = 200
FORMS = ("text", "markdown", "card")
BLOCKED = timedelta(minutes=10)
"""For how long a robot is shut out that has sent more than 20 messages in a minute. Source: the provider's page."""


class DingTalk(Plugin):
    """One robot in one group."""

    service_name = "DingTalk"
    secure_protocol = "dingtalk"
    home: ClassVar[str] = "https://oapi.dingtalk.com"
    # The provider's list of a robot's codes; -1, 40035 and 43004 of its global list; and what users report that it
    # answers besides: 90030, 101002, 130101, 300001, 460101.
    codes: ClassVar[Codes] = Codes(
        fine(0),
        later(-1, "钉钉系统繁忙", "DingTalk is busy", MINUTE),
        later(130101, "每分钟超过20条，限流10分钟", "more than 20 messages in a minute; wait ten minutes", BLOCKED),
        later(410100, "发送过快被限流", "sent too fast; wait ten minutes", BLOCKED),
        nobody(300001, "access_token不存在", "the robot's token does not exist"),
        nobody(400013, "群已被解散", "the group was dissolved"),
        nobody(400101, "access_token不存在", "the robot's token does not exist"),
        nobody(400102, "机器人已停用", "the robot is switched off"),
        nobody(400106, "机器人不存在", "the robot is not in the group"),
        ours(90030, "企业的Webhook调用次数已用完", "the organisation's quota of webhook calls is used up"),
        ours(310000, "未通过机器人安全设置（签名、关键词或IP）", "the robot's guard: signature, keyword or IP address"),
        ours(43004, "请求头Content-Type无效", "the request's content type is not taken"),
        never(40035, "缺少消息参数", "the message is missing"),
        never(101002, "消息过长", "the message is too long"),
        never(400105, "不支持的消息类型", "kind of message not known"),
        never(430101, "含有不安全的外链", "the text holds a link that is held unsafe"),
        never(430102, "含有不合适的文本", "the text holds forbidden words"),
        never(430103, "含有不合适的图片", "the text holds a forbidden picture"),
        never(430104, "含有不合适的内容", "the text is not taken"),
        never(460101, "消息超过20000字节", "the message has more than 20,000 bytes"),
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not self.to.host:
            raise TypeError("expected dingtalk://[SECRET@]TOKEN")
        if self.to.arguments.get("form", "text") not in FORMS:
            raise TypeError(f"form= one of {', '.join(FORMS)}")
        self.everybody = "@all" in self.to.path
        self.mobiles = [one.lstrip("+") for one in self.to.path if one.lstrip("+").isdigit()]
        named = [one.lstrip("@") for one in self.to.path if one != "@all" and not one.lstrip("+").isdigit()]
        self.users = [*named, *self.to.list_of("users")]

    def deliver(self, letter: Letter) -> Sent:
        """Post it to the robot."""
        query = {"access_token": self.to.host, **(signature(self.to.user, at=letter.at) if self.to.user else {})}
        url = f"{self.endpoint}/robot/send?{urlencode(query, quote_via=quote, safe='')}"
        return self.post(url, self.document(letter))

    def document(self, letter: Letter) -> dict[str, Any]:
        """What is posted."""
        form = self.to.arguments.get("form") or ("card" if letter.links and not self._mentions() else "markdown")
        make = {"text": self._text, "markdown": self._markdown, "card": self._card}[form]
        return _filled(make, letter)

    def _mentions(self) -> list[str]:
        return [*(["@all"] if self.everybody else []), *(f"@{one}" for one in (*self.mobiles, *self.users))]

    def _at(self) -> dict[str, Any]:
        return {"atMobiles": self.mobiles, "atUserIds": self.users, "isAtAll": self.everybody}

    def _text(self, letter: Letter, most: int) -> dict[str, Any]:
        ends = [*text_links(letter.links), *self._ends()]
        content = compose(letter.title, letter.body, ends, most=most, size=json_size)
        return {"msgtype": "text", "text": {"content": content}, "at": self._at()}

    def _markdown(self, letter: Letter, most: int) -> dict[str, Any]:
        words = self._words(letter, [*markdown_links(letter.links), *self._ends()], most)
        return {"msgtype": "markdown", "markdown": {"title": _title(letter), "text": words}, "at": self._at()}

    def _card(self, letter: Letter, most: int) -> dict[str, Any]:
        """One button for each link. Without links, as Markdown."""
        if not letter.links:
            return self._markdown(letter, most)
        card: dict[str, Any] = {"title": _title(letter), "text": self._words(letter, self._ends(), most)}
        if len(letter.links) == 1:
            card |= {"singleTitle": letter.links[0].label, "singleURL": letter.links[0].url}
        else:
            buttons = [{"title": link.label, "actionURL": link.url} for link in letter.links]
            card |= {"btnOrientation": "0", "btns": buttons}
        return {"msgtype": "actionCard", "actionCard": card}

    def _ends(self) -> list[str]:
        return [" ".join(self._mentions())] if self._mentions() else []

    def _words(self, letter: Letter, ends: list[str], most: int) -> str:
        body = defused(letter.body).replace("\n", "\n\n")  # one line end alone is a blank to them
        return compose(bold(letter.title), body, ends, most=most, size=json_size, join="\n\n")


def signature(secret: str, *, at: datetime) -> dict[str, str]:
    """The two arguments that prove that we know the secret. The time must be within an hour of theirs."""
    stamp = str(round(at.timestamp() * 1000))
    digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")
    return {"timestamp": stamp, "sign": b64encode(digest).decode()}


def _title(letter: Letter) -> str:
    """What the list of chats shows."""
    return cut(" ".join((letter.title or letter.body).split()), most=TITLE_BYTES)


def _filled(make: Callable[[Letter, int], dict[str, Any]], letter: Letter) -> dict[str, Any]:
    """The document, its text shortened so that the whole request is not too long."""
    spare = utf8_size(encoded(make(letter, 0)))
    return make(letter, REQUEST_BYTES - spare)

"""Messages of a WeCom app: `wecom://CORPID:SECRET@AGENTID/user` (or `wechat://…`).

There may be several users, `/%23department` and `/+tag`. Arguments: `form` (text, markdown, card, buttons; else a card
where all of it fits and there are links, or text), `endpoint`. `buttons` needs a callback address in the app's
settings. The provider itself drops a letter whose JSON equals one of the last half hour (`enable_duplicate_check`).
Text and Markdown: 2,048 bytes in UTF-8. Source: developer.work.weixin.qq.com, documents 90236 and 91039.
"""

from dataclasses import replace
from hashlib import sha256
from html import escape
from typing import Any, ClassVar
from urllib.parse import quote

from models.message import Outcome
from notifications.channels.base import Letter, Link, Sent, scrub
from notifications.channels.codes import Codes
from notifications.channels.cut import compose, cut
from notifications.channels.http import NoAnswer
from notifications.channels.markdown import safe_url, without_tags
from notifications.channels.plugin import Plugin
from notifications.channels.tokens import NoToken, Token, Tokens
from notifications.channels.wecom_codes import APP, STALE_TOKEN
from notifications.channels.wecombot import TEXT_BYTES, card, fits_card, wecom_markdown

BUTTONS = 6
FORMS = ("text", "markdown", "card", "buttons")
TOKENS = Tokens()


class WecomApp(Plugin):
    """One app, and whom it writes to."""

    service_name = "WeCom App"
    secure_protocol = ("wecom", "wechat")
    home: ClassVar[str] = "https://qyapi.weixin.qq.com"
    codes: ClassVar[Codes] = APP

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not (self.to.user and self.to.password and self.to.host.isdecimal() and self.to.path):
            raise TypeError("expected wecom://CORPID:SECRET@AGENTID/user")
        if self.to.arguments.get("form", "text") not in FORMS:
            raise TypeError(f"form= one of {', '.join(FORMS)}")
        self.departments = [one[1:] for one in self.to.path if one.startswith("#")]
        self.tags = [one[1:] for one in self.to.path if one.startswith("+")]
        self.users = [one if one == "@all" else one.lstrip("@") for one in self.to.path if one[0] not in "#+"]

    def deliver(self, letter: Letter) -> Sent:
        """Hand it to the app; with a new token, once, when the kept one is not taken any more."""
        document = self.document(letter)
        try:
            token = self._token()
            sent = self._send(document, token)
            if sent.code in STALE_TOKEN:
                TOKENS.forget(self._key, text=token)
                sent = self._send(document, self._token())
        except NoToken as error:
            return error.sent
        return sent

    def document(self, letter: Letter) -> dict[str, Any]:
        """What is posted."""
        form = self.to.arguments.get("form") or ("card" if fits_card(letter) else "text")
        makers = {"text": _text, "markdown": _markdown, "card": card, "buttons": _buttons}
        to = {"touser": self.users, "toparty": self.departments, "totag": self.tags}
        return {
            **{name: "|".join(some) for name, some in to.items() if some},
            "agentid": int(self.to.host),
            **makers[form](letter),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 1800,
        }

    def _send(self, document: dict[str, Any], token: str) -> Sent:
        url = f"{self.endpoint}/cgi-bin/message/send?access_token={quote(token, safe='')}"
        try:
            answer = self.http.ask("POST", url, document=document)
        except NoAnswer as error:
            return error.sent
        sent = self.judge(answer)
        if sent.outcome == Outcome.SENT:
            return self._judge_members(answer.document) or sent
        return replace(sent, detail=scrub(sent.detail, address=token))

    def _judge_members(self, document: Any) -> Sent | None:
        """A success may leave members out. Permanent when nobody is left; else said in the detail, without names."""
        for name in ("invaliduser", "unlicenseduser"):
            left_out = {one.strip().lower() for one in str(document.get(name) or "").split("|") if one.strip()}
            if not left_out:
                continue
            if self.departments or self.tags or {one.lower() for one in self.users} - left_out:
                return Sent(Outcome.SENT, name, f"{name}: {len(left_out)}")
            return self.codes.judge(name)
        return None

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.endpoint, self.to.user, sha256(self.to.password.encode()).hexdigest()

    def _token(self) -> str:
        return TOKENS.get(self._key, fetch=self._fetch_token)

    def _fetch_token(self) -> Token:
        """Raises NoToken. Whatever went wrong here, the letter has not left."""
        secret = f"corpid={quote(self.to.user, safe='')}&corpsecret={quote(self.to.password, safe='')}"
        try:
            answer = self.http.ask("GET", f"{self.endpoint}/cgi-bin/gettoken?{secret}")
        except NoAnswer as error:
            raise NoToken(Sent(Outcome.REFUSED, "token", error.sent.detail)) from None
        sent, document = self.judge(answer), answer.document
        if sent.outcome == Outcome.UNKNOWN:
            raise NoToken(Sent(Outcome.REFUSED, "token", sent.detail))
        if sent.outcome != Outcome.SENT:
            raise NoToken(sent)
        text, seconds = document.get("access_token"), document.get("expires_in")
        if not isinstance(text, str) or not text or not isinstance(seconds, int | float):
            raise NoToken(Sent(Outcome.REFUSED, "token", "the answer holds no token"))
        return Token(text, float(seconds))


def _text(letter: Letter) -> dict[str, Any]:
    """As text, in which the app's messages may hold links as HTML does."""
    title, body = without_tags(letter.title), without_tags(letter.body)
    links = [_anchor(link) for link in letter.links]
    return {"msgtype": "text", "text": {"content": compose(title, body, links, most=TEXT_BYTES)}}


def _anchor(link: Link) -> str:
    return f'<a href="{escape(safe_url(link.url))}">{without_tags(link.label)}</a>'


def _markdown(letter: Letter) -> dict[str, Any]:
    return wecom_markdown(letter, most=TEXT_BYTES)


def _buttons(letter: Letter) -> dict[str, Any]:
    """As a card with buttons that open links. Without links, as Markdown."""
    if not letter.links:
        return _markdown(letter)
    buttons = [{"type": 1, "text": link.label, "style": 1, "url": link.url} for link in letter.links[:BUTTONS]]
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": letter.title},
            "sub_title_text": cut(letter.body, most=TEXT_BYTES),
            "task_id": sha256(letter.key.encode()).hexdigest(),
            "button_list": buttons,
        },
    }

"""WeCom group robots: `wecombot://KEY?mentions=userid,13800000000`.

Arguments: `mentions` (user ids, mobile numbers, @all: these letters go as text, the only form that rings), `form`
(text, markdown, card, news; else what fits best), `endpoint` (private installations). Limits, counted in UTF-8 bytes:
text 2,048, Markdown 4,096, a news article's title 128 and description 512. Source:
developer.work.weixin.qq.com, document 91770.
"""

from typing import Any, ClassVar
from urllib.parse import quote

from notifications.channels.base import Letter, Sent
from notifications.channels.codes import Codes
from notifications.channels.cut import compose, cut
from notifications.channels.markdown import bold, defused, markdown_links, text_links, without_tags
from notifications.channels.plugin import Plugin
from notifications.channels.wecom_codes import ROBOT

TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096
NEWS_TITLE_BYTES, NEWS_TEXT_BYTES, URL_BYTES = 128, 512, 1024
CARD_TITLE, CARD_TEXT, CARD_LINKS = 26, 112, 3
"""What a template card shows without cutting: characters of its title and its text, links below."""
FORMS = ("text", "markdown", "card", "news")


class WecomBot(Plugin):
    """One robot in one group."""

    service_name = "WeCom Bot"
    secure_protocol = "wecombot"
    home: ClassVar[str] = "https://qyapi.weixin.qq.com"
    codes: ClassVar[Codes] = ROBOT

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not self.to.host:
            raise TypeError("expected wecombot://KEY")
        if self.to.arguments.get("form", "text") not in FORMS:
            raise TypeError(f"form= one of {', '.join(FORMS)}")
        self.mentions = self.to.list_of("mentions")

    def deliver(self, letter: Letter) -> Sent:
        """Post it to the robot."""
        url = f"{self.endpoint}/cgi-bin/webhook/send?key={quote(self.to.host, safe='')}"
        return self.post(url, self.document(letter))

    def document(self, letter: Letter) -> dict[str, Any]:
        """What is posted."""
        form = self.to.arguments.get("form") or self._best_form(letter)
        return {"text": self._text, "markdown": robot_markdown, "card": card, "news": _news}[form](letter)

    def _best_form(self, letter: Letter) -> str:
        if self.mentions or not letter.links:
            return "text"
        return "card" if fits_card(letter) else "markdown"

    def _text(self, letter: Letter) -> dict[str, Any]:
        title, body = without_tags(letter.title), without_tags(letter.body)
        content: dict[str, Any] = {"content": compose(title, body, text_links(letter.links), most=TEXT_BYTES)}
        mobiles = [one for one in self.mentions if one.isdigit() and len(one) == 11]
        people = [one for one in self.mentions if one not in mobiles]
        if people:
            content["mentioned_list"] = people
        if mobiles:
            content["mentioned_mobile_list"] = mobiles
        return {"msgtype": "text", "text": content}


def robot_markdown(letter: Letter) -> dict[str, Any]:
    """As Markdown, with links."""
    return wecom_markdown(letter, most=MARKDOWN_BYTES)


def wecom_markdown(letter: Letter, *, most: int) -> dict[str, Any]:
    """As Markdown in at most so many bytes."""
    content = compose(bold(letter.title), defused(letter.body), markdown_links(letter.links), most=most)
    return {"msgtype": "markdown", "markdown": {"content": content}}


def fits_card(letter: Letter) -> bool:
    """Whether a template card would show all of it."""
    return (
        0 < len(letter.title) <= CARD_TITLE
        and len(letter.body) <= CARD_TEXT
        and 0 < len(letter.links) <= CARD_LINKS
        and all(len(link.url) <= URL_BYTES for link in letter.links)
    )


def card(letter: Letter) -> dict[str, Any]:
    """As a template card: it opens the first link, and lists all of them. Without links, as Markdown."""
    if not letter.links:
        return wecom_markdown(letter, most=TEXT_BYTES)
    jumps = [{"type": 1, "title": link.label, "url": link.url} for link in letter.links[:CARD_LINKS]]
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "text_notice",
            "main_title": {"title": letter.title},
            "sub_title_text": cut(letter.body, most=TEXT_BYTES),
            "jump_list": jumps,
            "card_action": {"type": 1, "url": letter.links[0].url},
        },
    }


def _news(letter: Letter) -> dict[str, Any]:
    """As an article that opens the first link. Without links, as Markdown."""
    if not letter.links:
        return robot_markdown(letter)
    article = {
        "title": cut(letter.title or letter.body, most=NEWS_TITLE_BYTES),
        "description": cut(letter.body, most=NEWS_TEXT_BYTES),
        "url": letter.links[0].url,
    }
    return {"msgtype": "news", "news": {"articles": [article]}}

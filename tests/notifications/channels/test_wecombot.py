import json

import pytest

from notifications.channels.cut import utf8_size
from notifications.channels.wecombot import WecomBot
from tests.notifications.channels.robots import KEY, LINKS, WITH_LINKS, letter

FAMILY = "👨‍👩‍👧‍👦"


def made(letter, arguments=""):
    return WecomBot(whole=f"wecombot://{KEY}?{arguments}").document(letter)


def test_the_robot_is_asked_under_its_key(chat, provider):
    provider.say("wecombot", 0)
    chat.send(provider.address("wecombot"), letter=WITH_LINKS)
    assert provider.paths == [f"/cgi-bin/webhook/send?key={KEY}"]


def test_a_letter_without_links_is_text():
    assert made(letter(title="标题", body="正文")) == {"msgtype": "text", "text": {"content": "标题\n正文"}}


def test_a_short_letter_with_links_is_a_card_that_opens_them():
    card = made(WITH_LINKS)["template_card"]
    assert card["card_action"] == {"type": 1, "url": LINKS[0].url}
    assert card["jump_list"] == [{"type": 1, "title": link.label, "url": link.url} for link in LINKS]
    assert (card["main_title"]["title"], card["sub_title_text"]) == (WITH_LINKS.title, WITH_LINKS.body)


@pytest.mark.parametrize("odd", [{"body": "字" * 113}, {"title": "字" * 27}, {"title": ""}, {"links": LINKS * 2}])
def test_what_a_card_would_not_show_whole_is_markdown_with_links(odd):
    document = made(letter(**{"title": "标题", "body": "正文", "links": LINKS, **odd}))
    assert document["msgtype"] == "markdown"
    assert f"[签收]({LINKS[0].url})" in document["markdown"]["content"]


def test_who_is_mentioned_gets_text_with_the_links_in_it():
    document = made(WITH_LINKS, "mentions=wangqing,13800001111,@all")
    assert document["text"]["mentioned_list"] == ["wangqing", "@all"]
    assert document["text"]["mentioned_mobile_list"] == ["13800001111"]
    assert document["text"]["content"].endswith(f"签收: {LINKS[0].url}\n申请延期: {LINKS[1].url}")


@pytest.mark.parametrize(("form", "kind"), [("text", "text"), ("markdown", "markdown"), ("news", "news")])
def test_the_form_can_be_named(form, kind):
    assert made(WITH_LINKS, f"form={form}")["msgtype"] == kind


@pytest.mark.parametrize("form", ["card", "news"])
def test_a_card_without_a_link_becomes_markdown(form):
    assert made(letter(title="标题", body="正文"), f"form={form}")["msgtype"] == "markdown"


def test_news_has_one_article_that_opens_the_link():
    article = made(letter(title="字" * 60, body="字" * 300, links=LINKS), "form=news")["news"]["articles"][0]
    assert article["url"] == LINKS[0].url
    assert (utf8_size(article["title"]), utf8_size(article["description"])) == (126, 510)


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize(("form", "most"), [("text", 2048), ("markdown", 4096)])
def test_bytes_are_counted_and_no_character_is_cut_in_half(form, most, shift):
    whole = letter(title="标题", body="a" * shift + FAMILY * 400, links=LINKS)
    content = made(whole, f"form={form}")[form]["content"]
    assert most - 30 < utf8_size(content) <= most
    middle = content.split("\n")[1]
    assert middle.endswith("…")
    assert set(middle[shift:-1].split(FAMILY)) == {""}
    assert LINKS[1].url in content


def test_a_text_of_exactly_the_limit_is_not_cut():
    body = "字" * ((2048 - utf8_size("标题\n")) // 3)
    assert made(letter(title="标题", body=body))["text"]["content"] == f"标题\n{body}"


def test_nobodys_words_can_mention_or_link():
    hostile = letter(title="<@all>", body="<@all> [点此](http://evil.example) **急** `x`\n# 大", links=())
    text = made(hostile)["text"]["content"]
    assert "<@" not in text
    marked = made(hostile, "form=markdown")["markdown"]["content"]
    assert not {"<@", "](", "\n#", "`", "**急"} & {sign for sign in ("<@", "](", "\n#", "`", "**急") if sign in marked}
    assert "［点此］(http://evil.example)" in marked


def test_a_link_cannot_end_early():
    link = type(LINKS[0])("签[收]\n", "https://x.example/a(b)c d")
    content = made(letter(title="标题", body="字" * 200, links=(link,)))["markdown"]["content"]
    assert content.endswith("\n[签［收］](https://x.example/a%28b%29c%20d)")


@pytest.mark.parametrize("url", ["wecombot://", "wecombot://?x=1", f"wecombot://{KEY}?form=poem"])
def test_an_address_that_cannot_be_used_is_said(url):
    with pytest.raises(TypeError):
        WecomBot(whole=url)


def test_what_is_sent_is_json_in_utf_8(chat, provider):
    provider.say("wecombot", 0)
    chat.send(provider.address("wecombot"), letter=letter(title="标题", body="😀"))
    assert json.loads(provider.got[0])["text"]["content"] == "标题\n😀"
    assert "😀" in provider.got[0]

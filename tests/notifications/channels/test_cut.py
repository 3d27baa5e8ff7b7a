import random

import pytest

from notifications.channels.cut import characters, compose, cut, json_size, utf8_size

FAMILY = "👨‍👩‍👧‍👦"
WHOLE = [
    FAMILY,
    "👍🏽",
    "🇨🇳",
    "e\u0301",
    "❤️",
    "1️⃣",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "क्षि"[:2],
    "字",
    "\r\n",
]


@pytest.mark.parametrize("one", WHOLE)
def test_what_readers_see_as_one_is_one(one):
    assert list(characters(f"甲{one}乙")) == ["甲", one, "乙"]


def test_two_flags_are_two():
    assert list(characters("🇨🇳🇫🇷")) == ["🇨🇳", "🇫🇷"]


@pytest.mark.parametrize("most", range(3, 60))
def test_nothing_is_cut_in_half_at_any_border(most):
    text = f"垃圾{FAMILY}桶👍🏽满🇨🇳溢e\u0301a"
    short = cut(text, most=most)
    assert utf8_size(short) <= most
    kept = short.removesuffix("…")
    assert text.startswith(kept)
    assert list(characters(text))[: len(list(characters(kept)))] == list(characters(kept))


def test_a_text_that_fits_exactly_stays_whole():
    assert cut("垃圾桶", most=9) == "垃圾桶"
    assert cut("垃圾桶", most=8) == "垃…"


@pytest.mark.parametrize("most", [0, 1, 2, -5])
def test_where_not_even_the_mark_fits_is_nothing(most):
    assert cut("垃圾", most=most) == ""


def test_json_counts_what_is_escaped_twice():
    assert json_size('a\n"字') == 1 + 2 + 2 + 3


@pytest.mark.parametrize("size", [utf8_size, json_size])
def test_random_letters_never_exceed_the_limit_and_keep_their_links_whole(size):
    dice = random.Random(7)
    signs = ["字", "a", "\n", '"', FAMILY, "e\u0301", "🇨🇳"]
    for _ in range(400):
        title = "".join(dice.choices(signs, k=dice.randrange(0, 40)))
        body = "".join(dice.choices(signs, k=dice.randrange(0, 400)))
        ends = [f"链接{n}: https://x.example/{'p' * dice.randrange(200)}" for n in range(dice.randrange(4))]
        most = dice.randrange(60, 1500)
        text = compose(title, body, ends, most=most, size=size)
        assert size(text) <= most
        assert all(line in ends for line in text.split("\n") if line.startswith("链接"))


def test_links_come_before_the_body():
    text = compose("标题", "字" * 1000, ["签收: https://x.example/1"], most=100)
    assert text.endswith("…\n签收: https://x.example/1")
    assert text.startswith("标题\n字")


def test_parts_that_are_missing_leave_no_empty_line():
    assert compose("", "正文", [], most=100) == "正文"
    assert compose("标题", "", ["完"], most=100) == "标题\n完"

"""What each provider is sent for every kind in every language, compared with tests/notifications/golden/chat.

After a wanted change of words: WRITE_GOLDEN=1 pytest tests/notifications/channels/test_golden.py; read the difference.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from notifications.channels.base import Letter, Link
from notifications.channels.own import OWN
from notifications.channels.plugin import schemes
from notifications.kinds import KINDS
from notifications.samples import ACTIONS
from tests.notifications.channels.robots import ADDRESSES, AT
from tests.notifications.test_rendering import material, said  # noqa: F401 - a fixture

GOLDEN = Path(__file__).parents[1] / "golden" / "chat"
LABELS = {"zh-CN": ("签收", "申请延期"), "en": ("Sign in", "Ask for more time")}
LIMITS = {"text": 2048, "markdown": 4096}


def letter_of(material, kind: str, lang: str) -> Letter:  # noqa: F811
    words = said(material, kind, lang, instead_of=None, action=ACTIONS.get(kind, "assign"))
    links = [Link(label, f"https://duban.example/l/{n}") for n, label in enumerate(LABELS[lang])]
    about_issue = KINDS[kind].about_issue
    return Letter(words.title, words.body, kind, AT, kind=kind, links=tuple(links) if about_issue else ())


def plugin_of(name: str):
    found = [plugin for plugin in OWN if name in schemes(plugin)]
    return found[0](whole=ADDRESSES[name])


@pytest.mark.parametrize("lang", LABELS)
@pytest.mark.parametrize("name", ["wecombot", "wecom", "dingtalk", "feishu"])
def test_each_kind_is_sent_as_it_always_was(material, name, lang):  # noqa: F811
    plugin = plugin_of(name)
    sections = [
        f"== {kind}\n{json.dumps(plugin.document(letter_of(material, kind, lang)), ensure_ascii=False, indent=1)}\n"
        for kind in KINDS
    ]
    golden = GOLDEN / f"{name}.{lang}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("".join(sections), "utf-8")
    assert golden.read_text("utf-8").split("== ")[1:] == [section[3:] for section in sections]


@pytest.mark.parametrize("name", ["wecombot", "wecom", "dingtalk", "feishu"])
def test_no_kind_is_shortened_where_nothing_is_long(material, name):  # noqa: F811
    for kind in KINDS:
        letter = letter_of(material, kind, "zh-CN")
        sent = json.dumps(plugin_of(name).document(letter), ensure_ascii=False)
        assert sent.count("…") == sum(text.count("…") for text in (letter.title, letter.body)), kind


@pytest.mark.parametrize("name", ["wecombot", "wecom"])
def test_the_longest_digest_of_every_kind_stays_within_the_bytes(material, name):  # noqa: F811
    for kind in KINDS:
        letter = letter_of(material, kind, "zh-CN")
        document = plugin_of(name).document(replace(letter, body=letter.body * 40))
        if document["msgtype"] in LIMITS:
            content = document[document["msgtype"]]["content"]
            assert len(content.encode()) <= LIMITS[document["msgtype"]], kind

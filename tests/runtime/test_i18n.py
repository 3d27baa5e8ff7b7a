"""Messages are English in the code and Chinese from the .po file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from models.errors import DemoOnly
from runtime import i18n, translations

REFUSED = "This is refused."


@pytest.fixture(autouse=True)
def _language_afterwards() -> Iterator[None]:
    before = list(i18n._of_process)
    yield
    i18n._of_process[:] = before


def test_a_message_is_said_in_the_language_of_the_process() -> None:
    i18n.use("zh-CN")
    assert i18n.gettext(REFUSED) == "此操作被拒绝。"
    i18n.use("en")
    assert i18n.gettext(REFUSED) == REFUSED


def test_a_request_may_speak_another_language_than_the_process() -> None:
    i18n.use("en")
    with i18n.using("zh-CN"):
        assert i18n.gettext(REFUSED) == "此操作被拒绝。"
    assert i18n.gettext(REFUSED) == REFUSED


def test_a_message_without_translation_stays_english() -> None:
    i18n.use("zh-CN")
    assert i18n.gettext("never written") == "never written"
    assert i18n.ngettext("{n} never", "{n} nevers", 2) == "{n} nevers"


def test_an_error_is_said_with_its_facts() -> None:
    i18n.use("zh-CN")
    assert i18n.say(DemoOnly(city="自贡")) == "只有演示城市可以拨动时钟；自贡不是演示城市。"


def test_every_message_of_the_code_is_translated() -> None:
    assert translations.complaints(i18n.read_catalog(), wanted=translations.messages_of_code()) == []


@pytest.mark.parametrize(
    ("english", "chinese", "complaint"),
    [
        ("{n} issues", "", "not translated"),
        ("{n} issues", "问题", "other places"),
        ("{n} issues", "{m} 个问题", "other places"),
        ("gone", "没了", "no longer in the code"),
    ],
)
def test_a_flawed_translation_is_complained_about(english: str, chinese: str, complaint: str) -> None:
    catalog = Catalog(locale="zh_CN")
    catalog.add(english, string=chinese)
    found = translations.complaints(catalog, wanted={"{n} issues"})
    assert any(line.startswith(complaint) and english in line for line in found)


def test_messages_are_found_in_code_pages_and_errors(tmp_path: Path) -> None:
    for edge in translations.EDGES:
        (tmp_path / edge).mkdir()
    (tmp_path / "cli" / "a.py").write_text('_("{n} open")\nngettext("{n} day", "{n} days", 2)\n')
    (tmp_path / "web" / "a.html").write_text("<p>{{ _('Overdue') }}</p>")
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "a.py").write_text('class No(Refused):\n    template = "Not {so}."\n')
    found = translations.messages_of_code(tmp_path)
    assert {"{n} open", "{n} day", "Overdue", "Not {so}."} <= found.keys()


def test_updating_keeps_what_is_translated_and_drops_what_is_stale(tmp_path: Path) -> None:
    file = tmp_path / "zh_CN.po"
    file.write_text('msgid "kept"\nmsgstr "留"\n\nmsgid "stale"\nmsgstr "旧"\n', encoding="utf-8")
    translations.update(file, wanted={"kept": "kept", "new": "new", "{n} day": ("{n} day", "{n} days")})

    written = {i18n.key(message.id): i18n.forms(message.string) for message in i18n.read_catalog(file) if message.id}
    assert written == {"kept": ("留",), "new": ("",), "{n} day": ("",)}

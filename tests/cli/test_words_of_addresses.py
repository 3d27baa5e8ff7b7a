"""What is wrong with a URL is said in Chinese too, wherever a channel says it."""

import ast
from collections.abc import Iterator

import pytest

from models.unit import ChannelClass
from runtime import i18n
from runtime.expectations import expected
from runtime.settings import PROJECT
from services.contact_addresses import _EXPECTED
from tests.runtime.test_expectations import written

CHANNELS = PROJECT / "notifications" / "channels"


def complaints() -> Iterator[str]:
    """What plugins raise for a URL that cannot be used, and what is said of others."""
    for path in CHANNELS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TypeError":
                yield from written(node.args[0])
            if isinstance(node, ast.Return) and node.value is not None and path.name == "usable.py":
                yield from written(node.value)


def test_no_complaint_about_a_url_stays_english_in_chinese() -> None:
    said = {text.removeprefix("expected ") for text in complaints()}
    assert len(said) > 12
    with i18n.using("zh-CN"):
        assert {text for text in said if " " in text and expected(text) == text} == set()


@pytest.mark.parametrize("channel", list(_EXPECTED))
def test_nor_what_an_address_is_expected_to_be(channel: ChannelClass) -> None:
    with i18n.using("zh-CN"):
        assert expected(_EXPECTED[channel]) != _EXPECTED[channel]

"""The channel that docs/howto/channels.md builds in three edits is built here from that page, and works."""

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from apprise.plugins import N_MGR

from notifications.channels import own
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.plugin import register
from runtime.settings import PROJECT

PAGE = (PROJECT / "docs" / "howto" / "channels.md").read_text("utf-8")
FILE, IMPORT, LINE, TEST = re.findall(r"```(?:python|text)\n(.*?)```", PAGE, re.DOTALL)
NAME = "notifications.channels.bell"
TESTS = re.findall(r"^def (test_\w+)", TEST, re.MULTILINE)


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The page's file as a module, its line in OWN, and the names of its test file."""
    AppriseUrl()  # has Apprise load what it has
    module = ModuleType(NAME)
    exec(compile(FILE, f"{NAME}.py", "exec"), vars(module))
    monkeypatch.setitem(sys.modules, NAME, module)
    scope: dict[str, Any] = {}
    exec(IMPORT, scope)
    monkeypatch.setattr(own, "OWN", (*own.OWN, *eval(f"({LINE.strip()})", scope)))
    register(own.OWN[-1])
    exec(compile(TEST, "test_bell.py", "exec"), scope)
    yield scope
    N_MGR.remove("bellchat")


@pytest.mark.parametrize("name", TESTS)
def test_the_test_on_the_page_passes(bell: dict[str, Any], name: str) -> None:
    bell[name]()


def test_the_page_has_its_three_edits() -> None:
    assert LINE.strip() == "BellChat,"
    assert len(TESTS) == 4

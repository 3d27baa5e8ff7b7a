"""What every page weighs for who comes for the first time, and what its head says. Counted on the wire, no browser."""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from sqlmodel import Session

from tests.browser.test_every_page import ADDRESSES, PAGES
from tests.browser.town_to_walk import Walk, furnish, secret_of
from web.login import COOKIE

MOST = 150_000
"""Bytes, with styles and scripts, without photos: issue 5."""
FILES = re.compile(r'<(?:link rel="(?:stylesheet|manifest|icon)" href|script src)="([^"]+)"')
TITLE = re.compile(r"<title>(.+?)</title>", re.DOTALL)
ONE_AND_THE_SAME = {frozenset({"/report", "/report/shell"}), frozenset({"/audits/mine", "/audits/mine/shell"})}
"""In each the second stands in for the first where there is no network."""


class Visitor:
    """Comes with nothing kept; counts the bytes that travel."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._files: dict[str, int] = {}

    def page(self, path: str) -> tuple[str, int]:
        """Its text and all its bytes."""
        answer = self._client.get(path)
        return answer.text, answer.num_bytes_downloaded + sum(self._file(one) for one in FILES.findall(answer.text))

    def _file(self, address: str) -> int:
        if address not in self._files:
            self._files[address] = self._client.get(address).raise_for_status().num_bytes_downloaded
        return self._files[address]


_fetched: dict[tuple[str, str], tuple[str, int]] = {}


@pytest.fixture
def pages(page: str, session: Session, tmp_path: Path) -> Mapping[tuple[str, str], tuple[str, int]]:
    """Every page of every person of the table: text and bytes. Fetched once for all tests."""
    if not _fetched:
        _fetched.update(_all_of_them(page, session, furnish(session, tmp_path, page)))
    return MappingProxyType(_fetched)


def _all_of_them(page: str, session: Session, walk: Walk) -> dict[tuple[str, str], tuple[str, int]]:
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for person, several in PAGES.items():
        cookies = {"lang": "zh-CN"} | ({COOKIE: secret_of(session, person)} if person else {})
        headers = {"Accept-Encoding": "gzip"}
        with httpx.Client(base_url=page, cookies=cookies, headers=headers, trust_env=False, timeout=30) as client:
            visitor = Visitor(client)
            found |= {(person, path): visitor.page(walk.at(ADDRESSES.get(path, path))) for path in several}
    return found


def test_no_page_weighs_more_than_150_kilobytes_at_the_first_visit(pages: Mapping) -> None:
    assert {where: size for where, (_text, size) in pages.items() if size > MOST} == {}


def test_what_draws_charts_is_not_fetched_before_the_page_is_read(pages: Mapping) -> None:
    text, _size = pages["R00001", "/boards"]

    assert "echarts" in text
    assert not re.search(r'<script src="[^"]*echarts', text)


def test_every_page_says_its_language_fits_its_screen_and_has_a_name_of_its_own(pages: Mapping) -> None:
    named = defaultdict(set)
    for (person, path), (text, _size) in pages.items():
        assert '<html lang="zh-CN"' in text, path
        assert 'name="viewport" content="width=device-width, initial-scale=1' in text, path
        assert "user-scalable" not in text, path
        assert len(re.findall(r"<h1\b", text.partition('<div class="plain">')[0])) == 1, path
        named[person, TITLE.findall(text)[0].strip()].add(path)

    twice = {paths for title, paths in ((one, frozenset(several)) for one, several in named.items()) if len(paths) > 1}
    assert twice - ONE_AND_THE_SAME == set()

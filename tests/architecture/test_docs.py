"""What the documents say is what the code does."""

import re
from pathlib import Path

import pytest

from models.reference import lifecycle_page, permissions_page
from runtime.settings import PROJECT

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "cities").rglob("*.md")])


def test_the_lifecycle_page_is_fresh() -> None:
    page = PROJECT / "docs" / "reference" / "lifecycle.md"

    assert page.read_text("utf-8") == lifecycle_page(), "run `make docs`"


def test_the_permissions_page_is_fresh() -> None:
    page = PROJECT / "docs" / "reference" / "permissions.md"

    assert page.read_text("utf-8") == permissions_page(), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]

    assert missing == []


def test_the_tour_walks_real_files() -> None:
    tour = (PROJECT / "docs" / "tour.md").read_text("utf-8")
    named = set(
        re.findall(r"`((?:models|services|notifications|flows|web|cli|runtime|deployments|cities)/[\w./-]+)`", tour)
    )

    assert named
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []

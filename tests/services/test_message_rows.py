"""What services tell beside the issues: the facts of each row are those that its templates name."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from models.message import Message
from notifications.kinds import KINDS
from notifications.material import read_city, read_material
from notifications.rendering import render
from notifications.variables import Reader
from services import audits
from services.digests import daily_digest
from services.horizon import warn_of_horizon
from services.watch import alarm, look
from tests.cast import an_issue, at
from tests.services.bulletins.desk import published
from tests.services.test_audits import ORDER
from tests.small_city import a_city

NOW = at("2026-11-16 08:20")


@pytest.fixture
def told(session: Session) -> dict[str, Message]:
    """One message of each kind that is about no issue."""
    a_city(session)
    an_issue(session, state="rectifying", now=at("2026-11-02 10:00"))
    audits.start(session, replace(ORDER, points=3, on_date=date(2026, 11, 17)), now=NOW)
    published(session, now=NOW)
    daily_digest(session, now=NOW)
    warn_of_horizon(session, now=NOW)
    alarm(session, look(session, now=NOW), now=NOW)
    return {message.kind: message for message in session.exec(select(Message).where(Message.issue_id == None))}  # noqa: E711


def rendered(session: Session, message: Message, lang: str) -> str:
    material = read_material(session, [message], city=read_city(session))[message.id or 0]
    words = render(material, reader=Reader("R00001", "曹慕舟", lang, message.post_code), at=NOW)
    return f"{words.title}\n{words.body}"


def test_every_row_brings_the_facts_of_its_kind(told: dict[str, Message]) -> None:
    assert set(told) == {
        *("sheet_assigned", "publication_waits", "bulletin", "daily_digest", "calendar_horizon", "watchdog")
    }
    for kind, message in told.items():
        assert set(KINDS[kind].facts) <= set(message.facts)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_row_can_be_put_in_words(session: Session, told: dict[str, Message], lang: str) -> None:
    for message in told.values():
        assert "None" not in rendered(session, message, lang)


def test_the_half_month_text_is_the_one_of_the_field(session: Session, told: dict[str, Message]) -> None:
    assert "本期交办1件，销号0件，整改率0.0%，逾期1件；末位：无" in rendered(session, told["bulletin"], "zh-CN")


def test_an_inspector_reads_how_many_points_and_which(session: Session, told: dict[str, Message]) -> None:
    text = rendered(session, told["sheet_assigned"], "zh-CN")
    assert "请于2026-11-17检查自贡市3个点位：五星街农贸市场、高山井社区大道、长征大道" in text

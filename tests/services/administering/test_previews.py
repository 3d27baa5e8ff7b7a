"""How a message or a paper reads is shown before anybody gets it, also where there never was one."""

import pytest
from sqlmodel import Session

from models.errors import NotFound, UnreadableFile
from notifications.kinds import KINDS
from notifications.rendering import FOLDER, FOLDER_OF
from notifications.samples import NUMBER
from notifications.words import Language
from services.administering import FileEdit
from services.administering.view_wording import Previewed, previewed, previewed_paper
from services.cities.lint_templates import variables_of
from services.papers.stationery import BUILT_IN
from tests.cast import an_issue
from tests.services.administering.desk import BOSS, LATER, done

OUR_PAGE = (BUILT_IN / "paper.html").read_text("utf-8")
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")


def ours(kind: str, lang: Language) -> str:
    return (FOLDER / FOLDER_OF[lang] / f"{kind}.txt").read_text("utf-8")


def shown(session: Session, text: str, kind: str, lang: Language = "zh-CN") -> Previewed:
    return previewed(session, text, kind=kind, lang=lang, reader=BOSS, now=LATER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_is_shown_where_there_never_was_one(small, lang):
    for kind in (*KINDS, "_why", "_sms", "_plain"):
        seen = shown(small, ours(kind, lang), kind, lang)
        assert (seen.wrong, seen.sample) == ("", True), kind
        assert seen.title, kind
        assert "None" not in f"{seen.title} {seen.body}", kind


def test_every_name_that_a_template_may_use_has_a_sample(small):
    names = sorted(set().union(*(variables_of(ours(kind, "zh-CN")) for kind in KINDS)))
    for kind in ("assigned", "digest", "bulletin"):
        assert shown(small, "".join(f"{{{{ {name} }}}}\n" for name in names), kind).wrong == "", kind


def test_a_name_that_no_message_has_is_filled_in_all_the_same(small):
    assert shown(small, "{{ issue.number }}", "overdue_notise").title == NUMBER


def test_the_last_message_of_the_kind_goes_before_the_sample(city):
    an_issue(city, state="assigned", description="真的")
    seen = previewed(city, "{{ issue.summary }}", kind="assigned", lang="zh-CN", reader="R00005", now=LATER)

    assert (seen.title, seen.sample) == ("真的", False)


def test_a_city_takes_in_its_own_words(small):
    done(small, FileEdit("templates/zh_CN/our_foot.txt", "自贡市创建办"))

    assert shown(small, "题\n{% include 'zh_CN/our_foot.txt' %}", "assigned").body == "自贡市创建办"


@pytest.mark.parametrize(
    "text", ["{{ nothing }}", "{{ issue.number", "{{ 1 / 0 }}", "{% include '../x' %}", "{{ ''.__class__.__mro__ }}"]
)
def test_what_cannot_be_filled_in_says_why(small, text):
    assert shown(small, text, "assigned").wrong


@pytest.mark.parametrize("name", ["assignment_slip.html", "supervision_order.html", "supervision_order_2.html"])
def test_a_paper_is_shown_with_what_a_paper_holds(name):
    assert "自贡市城市管理局" in previewed_paper(OUR_PAGE, name=name)


@pytest.mark.parametrize("text", ["{{ numbr }}", "{{ number", "{{ ''.__class__.__mro__ }}", "{{ 1 / 0 }}"])
def test_a_paper_that_cannot_be_filled_in_says_why(text):
    with pytest.raises(UnreadableFile):
        previewed_paper(text, name="assignment_slip.html")


def test_markup_in_what_a_paper_holds_does_nothing():
    assert "<script>" not in previewed_paper("{{ '<script>' }}", name="assignment_slip.html")


def test_a_name_that_no_paper_has_is_not_found():
    with pytest.raises(NotFound):
        previewed_paper(OUR_PAGE, name="other.html")

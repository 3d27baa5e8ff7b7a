"""Every kind in every language says what it must; a few are compared word for word with tests/notifications/golden."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError, nodes
from sqlmodel import Session, select

from models.message import Message
from notifications import rendering
from notifications.audience import WHO_HEARS
from notifications.kinds import KINDS
from notifications.material import Material, read_city, read_material
from notifications.rendering import Rendered, render, render_or_plain, render_sms, template
from notifications.samples import FACTS, LINES, SUMMARY, facts_of, line
from notifications.variables import Reader
from services.sweeps import tick
from tests.cast import an_issue, at
from tests.small_city import RULES

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("zh-CN", "en")
LATER = at("2026-11-06 17:01")


@pytest.fixture
def material(city: Session) -> Material:
    key = an_issue(city, state="assigned", description=SUMMARY, now=at("2026-11-02 10:00"))
    message = Message(
        id=1, key="k", kind="assigned", issue_id=key, post_code="510302001:street_chief", why="L3.street_chief",
        facts=FACTS, not_before=LATER, created_at=LATER,
    )  # fmt: skip
    about = read_material(city, [message], city=read_city(city))[1]
    return replace(about, bundled=[line(n, at=at("2026-11-05 17:00")) for n in range(1, LINES + 1)])


def of_kind(material: Material, kind: str, **facts) -> Material:
    given = {"kind": kind, "facts": {**facts_of(kind), **facts}}
    return replace(material, message=Message(**{**material.message.model_dump(), **given}))


def reader(lang: str) -> Reader:
    return Reader("R00014", "刘既明", lang, "510302001:street_chief")


def said(material: Material, kind: str, lang: str = "zh-CN", **facts) -> Rendered:
    return render(of_kind(material, kind, **facts), reader=reader(lang), at=LATER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_is_rendered_and_says_why_the_reader_gets_it(material, lang):
    for kind in KINDS:
        words = said(material, kind, lang)
        assert words.title, kind
        assert ("您任五星街街长" if lang == "zh-CN" else "as street chief") in words.body.splitlines()[-1], kind


def test_what_concerns_one_issue_fits_a_chat_message(material):
    for kind in (kind for kind in KINDS.values() if kind.about_issue):
        words = said(material, kind.code)
        assert len(f"{words.title}\n{words.body}") <= 200, kind.code


def test_every_kind_that_an_audience_can_name_is_known():
    named = {line.kind for lines in WHO_HEARS.values() for line in lines} | {"assigned"}
    ladder = tomllib.loads((RULES / "ladder.toml").read_text("utf-8"))
    papers = {row["paper"] for row in (*ladder["step"], *ladder["stage"])}
    assert (named | papers) - set(KINDS) == set()


def test_templates_use_no_fact_that_their_kind_does_not_promise():
    for kind in KINDS.values():
        for folder in rendering.FOLDER_OF.values():
            source = (rendering.FOLDER / folder / f"{kind.code}.txt").read_text("utf-8")
            assert facts_without_a_guard(source) <= set(kind.facts), (kind.code, folder)


def facts_without_a_guard(source: str) -> set[str]:
    tree = rendering.environment().parse(source)
    names = [node for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name)]
    guarded = {f"facts.{name}" for name in ("milestone",) if f"facts.{name} is defined" in source}
    return {one.attr for one in names if one.node.name == "facts" and f"facts.{one.attr}" not in guarded}


def test_no_template_is_left_over():
    for folder in rendering.FOLDER_OF.values():
        files = {path.stem for path in (rendering.FOLDER / folder).glob("*.txt")}
        assert files == set(KINDS) | {"_why", "_sms", "_plain"}


def test_a_missing_fact_is_an_error(material):
    message = Message(**{**material.message.model_dump(), "kind": "returned", "facts": {}})
    with pytest.raises(UndefinedError):
        render(replace(material, message=message), reader=reader("zh-CN"), at=LATER)


def test_a_missing_fact_still_gives_a_plain_line(material):
    message = Message(**{**material.message.model_dump(), "kind": "returned", "facts": {}})
    words = render_or_plain(replace(material, message=message), reader=reader("zh-CN"), at=LATER)
    assert words == Rendered("【督办】ZG-2026-000001", "您有一条新消息，请登录系统查看。")


def test_a_provisional_deadline_says_so(material):
    assert "11月5日17:00（暂定）" in said(material, "assigned", due_provisional=True).body


def test_an_old_message_keeps_the_deadline_of_its_event(material):
    assert "12月1日" in said(material, "assigned", due_at="2026-12-01T09:00:00+00:00").body


def test_a_written_reply_is_never_pushed(material):
    assert FACTS["reply"] not in str([said(material, kind) for kind in KINDS])


def test_markup_stays_as_it_was_written(material):
    assert "<b>&" in said(material, "returned", reason="<b>&").body


def test_somebody_without_a_post_is_told_why_too(material):
    message = Message(**{**material.message.model_dump(), "post_code": None, "why": "something new", "facts": {}})
    words = render(replace(material, message=message), reader=Reader("R00099", "吴闲云", "zh-CN"), at=LATER)
    assert words.body.endswith("（这是您的职责，故发给您）")


def test_a_deputy_reads_in_whose_place(material):
    deputy = replace(reader("zh-CN"), deputy_for="刘既明")
    assert "代刘既明；" in render(material, reader=deputy, at=LATER).body


def test_what_was_passed_up_names_whom_it_did_not_reach(material):
    assert "市场监管局分管领导未能送达" in said(material, "assigned").body


@pytest.mark.parametrize(
    ("lang", "when", "text"),
    [
        ("zh-CN", "2026-11-02 09:00", "您有1项任务将于11月5日到期，请登录系统查看"),
        ("en", "2026-11-02 09:00", "You have 1 task(s) due 5 Nov. Please log in."),
        ("zh-CN", "2026-11-06 17:01", "您有1项任务已于11月5日到期，请登录系统查看"),
        ("en", "2026-11-06 17:01", "You have 1 task(s) that were due 5 Nov. Please log in."),
    ],
)
def test_an_sms_is_neutral_and_true(material, lang, when, text):
    assert render_sms(material, reader=reader(lang), at=at(when)).body == text


def test_a_city_may_bring_its_own_words(material, tmp_path):
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "zh_CN" / "assigned.txt").write_text("本市{{ issue.number }}\n", "utf-8")
    assert render(material, reader=reader("zh-CN"), at=LATER, overrides=tmp_path).title == "本市ZG-2026-000001"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "kind", ["assigned", "due_warning", "overdue_notice", "supervision_order_1", "stand_down", "bulletin", "digest"]
)
def test_the_words_are_these(material, kind, lang):
    facts = {"instead_of": None} if kind != "assigned" else {"action": "assign", "instead_of": None}
    words = said(material, kind, lang, **facts)
    golden = GOLDEN / f"{kind}.{lang}.txt"
    assert f"{words.title}\n{words.body}\n" == golden.read_text("utf-8")


def test_a_whole_life_is_told_without_a_missing_fact(city, engine):
    issue = an_issue(city, state="assigned", now=at("2026-11-02 10:00"))
    city.commit()
    for now in ("2026-11-02 15:01", "2026-11-05 17:01", "2026-11-06 17:01", "2026-11-10 17:01", "2026-11-24 17:01"):
        tick(lambda: Session(engine), now=at(now))
    messages = city.exec(select(Message).where(Message.issue_id == issue)).all()
    about = read_material(city, messages, city=read_city(city))
    words = {m.kind: render(about[m.id], reader=reader("zh-CN"), at=m.created_at) for m in messages}
    assert {"found", "assigned", "sign_in_reminder", "overdue_notice", "reminder_notice"} < set(words)
    assert words["supervision_order_1"].title == "【督办】第1次 督〔2026〕1号"


def test_templates_are_found_by_language():
    assert template("assigned", lang="en").name == "en/assigned.txt"

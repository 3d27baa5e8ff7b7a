"""A city's own templates reach no further than the facts of a message: who may word them may not run programs."""

from pathlib import Path

import pytest
from jinja2 import TemplateError
from sqlmodel import Session

from models.message import Message
from notifications.material import Material, read_city, read_material
from notifications.rendering import render_or_plain, render_plain, template
from notifications.variables import Reader
from tests.cast import MONDAY, an_issue


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ facts.__class__ }}",
        "{{ issue.update({'number': 'X'}) }}",
        "{% for one in range(999999999) %}{% endfor %}",
        "{% include '../../../../etc/passwd' %}",
    ],
    ids=["subclasses", "globals", "dunder", "change", "endless", "file"],
)
def test_a_template_that_reaches_out_is_refused(tmp_path: Path, attack: str) -> None:
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "zh_CN" / "assigned.txt").write_text(attack, "utf-8")

    with pytest.raises((TemplateError, OverflowError)):
        template("assigned", lang="zh-CN", overrides=tmp_path).render(facts={}, issue={"number": "1"})


@pytest.fixture
def material(city: Session) -> Material:
    key = an_issue(city, state="assigned")
    message = Message(
        id=1,
        key="k",
        kind="assigned",
        issue_id=key,
        post_code="D-CGJ:handler",
        why="unit.handler",
        not_before=MONDAY,
        created_at=MONDAY,
    )
    return read_material(city, [message], city=read_city(city))[1]


@pytest.mark.parametrize(
    "wording",
    ["", " \n", "{{ 1 // 0 }}", "{{ issue.numbr }}", "{{ 'x' + 1 }}", "{% for n in range(10**9) %}{% endfor %}"],
    ids=["empty", "blank", "by nothing", "unknown", "no sum", "endless"],
)
def test_a_template_that_fails_leaves_plain_words(material: Material, tmp_path: Path, wording: str) -> None:
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "zh_CN" / "assigned.txt").write_text(wording, "utf-8")
    reader = Reader("R00006", "甲", "zh-CN")

    said = render_or_plain(material, reader=reader, at=MONDAY, overrides=tmp_path)

    assert said == render_plain(material, reader=reader, at=MONDAY)

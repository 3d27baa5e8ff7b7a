"""What a city says about its tasks: limits and tags; what cannot be used is refused; who carries which tag."""

import pytest

from models.errors import UnreadableFile, WrongValue
from runtime.settings import PROJECT
from services.tasks.settings import FILE, TaskSettings, read_settings
from services.tasks.tagging import named, standard_tags, tags_of
from tests.services.tasks.desk import TAGGED


def carried(category: str, campaign: str) -> list[str]:
    return [tag.code for tag in tags_of(TAGGED, category=category, campaign=campaign)]


def test_a_task_carries_the_tag_that_it_names() -> None:
    assert carried("12", "环境卫生") == ["sanitation"]


def test_where_it_names_none_of_a_set_it_carries_those_of_its_class() -> None:
    assert carried("12", "") == ["traffic"]
    assert carried("01", "环境卫生") == ["sanitation", "road"]


@pytest.mark.parametrize(
    "cell", ["环境卫生、交通秩序", "sanitation; traffic", "环境卫生，交通秩序", " traffic 环境卫生"]
)
def test_one_cell_may_name_several(cell: str) -> None:
    assert carried("01", cell)[:2] == ["sanitation", "traffic"]


def test_a_word_that_is_no_tag_is_none() -> None:
    assert carried("01", "别的行动") == ["road"]
    assert named("  ") == frozenset()


def test_a_standard_carries_the_tags_that_list_it_or_its_class() -> None:
    assert [tag.code for tag in standard_tags(TAGGED, code="12-02", category="12")] == ["traffic", "road"]


def test_a_city_that_says_nothing_has_our_limits() -> None:
    assert read_settings(b"") == TaskSettings()
    assert str(TaskSettings().sign_within) == "3 working_days"


def test_the_example_city_has_the_tag_sets_of_the_field() -> None:
    found = read_settings((PROJECT / "cities" / "zigong" / FILE).read_bytes())
    assert [(one.name, len(one.tags)) for one in found.tag_sets] == [
        ("六大攻坚", 6),
        ("三个重点任务", 3),
        ("四项行动", 4),
        ("八大环境", 8),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "colour = 1",
        "letters = 3",
        '[letters]\nsign_within = "soon"',
        "[letters]\nsign_within = 3",
        "[letters]\nlate = 1",
        "set = 1",
        "[[set]]\ncode = 'a'",
        "[[set]]\ncode = 'a'\nname = 'b'\ntag = 1",
        "[[set]]\ncode = 'a'\nname = 'b'\n[[set.tag]]\ncode = 'x'\nname = 'y'\ncategories = '01'",
        "[[set]]\ncode='a'\nname='b'\n[[set.tag]]\ncode='x'\nname='y'\n[[set.tag]]\ncode='x'\nname='z'",
        "[[set]]\ncode='a'\nname='b'\n[[set.tag]]\ncode='x'\nname='y'\n[[set.tag]]\ncode='z'\nname='y'",
        "[[set",
        "\x00",
    ],
)
def test_what_cannot_be_used_is_refused(written: str) -> None:
    with pytest.raises((WrongValue, UnreadableFile)):
        read_settings(written.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableFile):
        read_settings(b"\xff\xfe\x00")

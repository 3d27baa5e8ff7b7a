"""What people type into a cell, in all its forms, and what it means."""

from datetime import datetime
from typing import Any

import pytest

from models.issue import Source
from services.exports.register import Names
from services.exports.words import SOURCES
from services.imports import cells, times
from services.imports.cells import NotThat


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026年11月5日", "2026-11-05"),
        ("２０２６年１１月５日", "2026-11-05"),
        ("2026 年 11 月 5 号", "2026-11-05"),
        ("2026.11.5", "2026-11-05"),
        ("2026／11／05", "2026-11-05"),
        ("2026年11月5日（星期四）", "2026-11-05"),
        ("2026年11月5日9时30分", "2026-11-05 09:30"),
        ("2026年11月5日9点", "2026-11-05 09:00"),
        ("2026年11月5日下午3点", "2026-11-05 15:00"),
        ("2026-11-05 下午3:05", "2026-11-05 15:05"),
        ("2026-11-05 上午12:15", "2026-11-05 00:15"),
        ("2026-11-05 下午12:15", "2026-11-05 12:15"),
        ("2026-11-05 ０９：３０：１５", "2026-11-05 09:30:15"),
        ("2026-11-05T09:30", "2026-11-05 09:30"),
    ],
)
def test_times_are_read_in_the_forms_that_people_use(written: str, meant: str):
    assert times.local_time(written) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "written",
    ["2026-02-30", "11月5日", "20261105", "2026-11-112:30", "2026-11-05 24:00", "2026-11-05 上午15:00", "2026-11-05 9"],
)
def test_times_that_may_mean_two_things_or_nothing_are_refused(written: str):
    with pytest.raises(NotThat):
        times.local_time(written)


@pytest.mark.parametrize(
    ("reader", "written", "meant"),
    [
        (cells.number, "１２．５", cells.number("12.5")),
        (cells.whole, " ３ ", 3),
        (cells.year, "２０２６年度", 2026),
        (times.limit, "３个工作日", "3 working_days"),
        (cells.known_code({"P-0001": 1}, "a point"), "Ｐ－０００１", "P-0001"),
        (cells.known(Names([("01", "主次干道")]), "a category"), "０１", "01"),
        (cells.known(Names([("01", "主次干道")]), "a category"), 1, "01"),
        (cells.one_of(Source, SOURCES), "１２３４５热线", Source.HOTLINE),
    ],
)
def test_full_width_letters_and_digits_are_ordinary_ones(reader: cells.Reader, written: Any, meant: Any):
    assert reader(written) == meant


def test_a_number_that_another_office_wrote_in_full_width_is_kept_as_it_is():
    assert cells.code_text("创建（２０２６）１号") == "创建（２０２６）１号"

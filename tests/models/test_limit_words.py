"""A limit in words: one of something is said as one."""

import pytest

from models.terms import limit


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("1 working_days", "1 工作日", "1 working day"),
        ("3 working_days", "3 工作日", "3 working days"),
        ("1 working_hours", "1 工作时", "1 working hour"),
        ("0.5 natural_hours", "0.5 自然时", "0.5 hours, day and night"),
        ("1 natural_hours", "1 自然时", "1 hour, day and night"),
        ("1 natural_days", "1 自然日", "1 calendar day"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_limit_reads_as_people_say_it(written: str | None, chinese: str, english: str) -> None:
    assert (limit(written, "zh-CN"), limit(written, "en")) == (chinese, english)

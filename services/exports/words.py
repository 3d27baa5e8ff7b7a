"""What stands in the ledger's cells for our values, in Chinese and in English. Read and written by the same tables."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models import terms
from models.deadlines import ClockType
from models.issue import FoundLevel, Source


def _chinese(words: terms.Words) -> Mapping[str, str]:
    return {code: chinese for code, (chinese, _) in words.items()}


SOURCES = _chinese(terms.SOURCES)
FOUND_LEVELS = _chinese(terms.FOUND_LEVELS)
STATES = _chinese(terms.STATES)
SATISFACTION = _chinese(terms.ANSWERS)
CLOCKS = _chinese(terms.CLOCKS)
LOOK_BACK_RESULTS: Mapping[str, str] = {"holds": "未反弹"}
ALSO: Mapping[str, str] = MappingProxyType(
    {
        "12345热线": Source.HOTLINE,
        "媒体曝光": Source.MEDIA,
        "国家": FoundLevel.CENTRAL,
        "省级": FoundLevel.PROVINCE,
        "市级": FoundLevel.CITY,
        "区县": FoundLevel.DISTRICT,
        "区级": FoundLevel.DISTRICT,
        "县": FoundLevel.DISTRICT,
        "街道": FoundLevel.STREET,
        "街镇": FoundLevel.STREET,
        "乡镇": FoundLevel.STREET,
        "村": FoundLevel.COMMUNITY,
        "社区村": FoundLevel.COMMUNITY,
        "工作小时": ClockType.WORKING_HOURS,
        "工作天": ClockType.WORKING_DAYS,
        "天": ClockType.NATURAL_DAYS,
        "日": ClockType.NATURAL_DAYS,
        "小时": ClockType.NATURAL_HOURS,
    }
)
"""Other ways in which people write the same."""

YES, NO = "是", "否"
REPLIED = "（已回复）"
SYSTEM_WORD = "系统"


def word(value: object, words: Mapping[str, str], *, lang: str) -> str:
    """The word for a value: Chinese, or in English the value itself, which is a word already."""
    code = value.value if isinstance(value, StrEnum) else str(value)
    return code if lang == "en" else words.get(code, code)


def limit_words(limit: str, *, lang: str) -> str:
    """A limit such as "3 working_days" as people write it: 3工作日."""
    amount, _, clock = limit.partition(" ")
    return limit if lang == "en" else f"{amount}{CLOCKS.get(clock, clock)}"

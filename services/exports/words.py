"""What stands in the ledger's cells for our values, in Chinese and in English. Read and written by the same tables."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.closing import ANSWERS
from models.deadlines import ClockType
from models.issue import FoundLevel, Source
from models.lifecycle import State

SOURCES: Mapping[str, str] = {
    Source.ANNOUNCED: "明察",
    Source.COVERT: "暗访",
    Source.MOCK: "模拟测评",
    Source.SUPERIOR: "上级反馈",
    Source.THIRD_PARTY: "第三方",
    Source.HOTLINE: "12345",
    Source.SNAPSHOT: "随手拍",
    Source.MEDIA: "媒体",
    Source.SELF_CHECK: "自查",
    Source.LOOK_BACK: "回头看",
}
FOUND_LEVELS: Mapping[str, str] = {
    FoundLevel.CENTRAL: "中央",
    FoundLevel.PROVINCE: "省",
    FoundLevel.CITY: "市",
    FoundLevel.DISTRICT: "区",
    FoundLevel.STREET: "街",
    FoundLevel.COMMUNITY: "社区",
}
STATES: Mapping[str, str] = {
    State.FOUND: "待交办",
    State.ASSIGNED: "待签收",
    State.RECTIFYING: "整改中",
    State.RECTIFIED: "待复核",
    State.VERIFIED: "待销号",
    State.CLOSED: "已销号",
    State.SHELVED: "挂账",
    State.VOID: "作废",
}
SATISFACTION: Mapping[str, str] = dict(zip(ANSWERS, ("满意", "基本满意", "不满意"), strict=True))
LOOK_BACK_RESULTS: Mapping[str, str] = {"holds": "未反弹"}
CLOCKS: Mapping[str, str] = {
    ClockType.WORKING_HOURS: "工作时",
    ClockType.WORKING_DAYS: "工作日",
    ClockType.NATURAL_DAYS: "自然日",
    ClockType.NATURAL_HOURS: "自然时",
}
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

"""Content of a paper that nobody issued: to try a city's templates out before a real paper needs them."""

from typing import Any

from models import terms
from models.paper import DEGREES, OF_A_MEASURE, OF_A_ROUND, PaperKind

ITEM = {
    "number": "ZG-2026-000001",
    "point_code": "P-0001",
    "point": "高山井社区大道",
    "place": "自流井区五星街街道高山井社区",
    "address": "某街1号",
    "category": "主次干道",
    "standard": "01-01 200米内≥1处公益广告",
    "description": "公益广告破损",
    "severity": "S3 一般",
    "source": "暗访",
    "found_on": "2026年11月2日",
    "deduction": "0.5",
    "limit": "3工作日",
    "assigned_on": "2026年11月2日",
    "sign_in_due": "2026年11月2日15时",
    "due": "2026年11月5日17时",
    "original_due": "2026年11月4日17时",
    "overdue": "3天2小时",
    "state": "整改中",
    "rework": 1,
    "measure": "更换",
}
COMMON = {
    "city": "自贡市",
    "office": "自贡市创建办",
    "unit": "自贡市城市管理局",
    "people": {"handler": "甲", "direct_leader": "乙", "deputy_leader": "丙", "principal_leader": "丁"},
    "issued_on": "2026年11月9日",
    "issued_by": "戊",
    "contact": "己",
    "phone": "0000-0000000",
    "number": "自交〔2026〕1号",
    "assisting": ["自贡市市场监督管理局"],
    "assisting_codes": ["D-SCJGJ"],
    "copied_to": ["自流井区创建办"],
    "reply_due": "2026年11月12日17时",
    "interview": {"when": "2026年11月10日15时", "place": "三楼会议室"},
    "area_path": "5103",
    "point_code": "P-0001",
    "count": 1,
}


def sample(kind: PaperKind) -> dict[str, Any]:
    """Content with every name that the content of this kind has, and nothing empty that may be filled."""
    if kind is PaperKind.TASK_LETTER:
        return _letter()
    of_round, several = kind in OF_A_ROUND, kind in OF_A_ROUND | OF_A_MEASURE
    degree = DEGREES.get(kind, 0)
    round_ = {"number": "ZG-A-2026-0001", "kind": "暗访", "area": "自贡市", "on_date": "2026年11月2日"}
    group = {"point": ITEM["point"], "place": ITEM["place"], "issues": [{**ITEM, "n": 1}]}
    return {
        **COMMON,
        "kind": kind.value,
        "title": terms.term(terms.PAPERS, kind, "zh-CN"),
        "title_en": terms.term(terms.PAPERS, kind, "en").capitalize(),
        "degree": degree,
        "degree_words": "一" if degree else "",
        "step": "" if of_round else "E5 一次督办",
        "issue": None if several else ITEM,
        "round": round_ if of_round else None,
        "groups": [group] if several else [],
    }


def _letter() -> dict[str, Any]:
    """A task letter, which has names of its own: it is of no issue."""
    row = {
        "category_code": "01",
        "category": "主次干道",
        "point_code": "P-0001",
        "point": "高山井社区大道",
        "place": "自流井区五星街街道",
        "address": "某街1号",
        "person_code": "R00006",
        "person": "己",
        "campaign": "环境卫生",
    }
    change = {**row, "column": "person", "heading": "责任人", "old": "己", "new": "庚"}
    given = ("city", "office", "unit", "people", "issued_on", "issued_by", "contact", "phone", "count")
    return {
        **{name: COMMON[name] for name in (*given, "assisting_codes", "area_path", "point_code")},
        "kind": PaperKind.TASK_LETTER.value,
        "title": terms.term(terms.PAPERS, PaperKind.TASK_LETTER, "zh-CN"),
        "title_en": terms.term(terms.PAPERS, PaperKind.TASK_LETTER, "en").capitalize(),
        "number": "自任〔2026〕2号",
        "year": 2026,
        "edition": 2,
        "replaces": "自任〔2026〕1号",
        "sign_due": "2026年11月12日17时",
        "rows": [row],
        "classes": [{"code": "01", "name": "主次干道", "count": 1, "standards": 3, "rows": [{**row, "n": 1}]}],
        "changes": {"added": [row], "gone": [row], "changed": [change]},
    }

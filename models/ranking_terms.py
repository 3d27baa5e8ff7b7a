"""The words for rankings, red and black lists and appeals; part of models/terms.py."""

from models.appeal import AppealOutcome
from models.wording import words

RANKING_GROUPS = words(
    ("districts", "区县", "Districts and counties"),
    ("streets", "街道", "Streets"),
    ("towns", "乡镇", "Towns"),
    ("communities", "社区（村）", "Communities and villages"),
    ("departments_key", "重点责任部门", "Key departments"),
    ("departments_other", "其他部门", "Other departments"),
    ("central_provincial", "中央、省驻市单位", "Central and provincial units"),
    ("", "未分组", "In no group"),
)
"""A city may name others: they are shown by their code."""
LISTS = words(
    ("red", "红榜", "red list"),
    ("black", "黑榜", "black list"),
)
GROUNDS = words(
    ("out_of_scope", "不属考核范围", "out of scope"),
    ("not_my_duty", "不属本单位职责", "not our duty"),
    ("force_majeure", "不可抗力", "force majeure"),
)
"""The usual ones; a city names its own in its scoring rules."""
APPEAL_OUTCOMES = words(
    (AppealOutcome.UPHELD, "支持", "upheld"),
    (AppealOutcome.PARTLY, "部分支持", "partly upheld"),
    (AppealOutcome.REFUSED, "不支持", "refused"),
)
CASE_STATES = words(
    ("open", "整改中", "open"),
    ("handed_in", "待复核", "handed in"),
    ("verified", "待销号", "verified"),
    ("closed", "已销号", "closed"),
    ("suspended", "挂账", "shelved"),
)
WITHOUT_PLACE = words(("no_group", "未分组，不参与排名", "in no group, not ranked"))
RANKING_THINGS = words(
    ("appeal", "申诉", "appeal"),
    ("publication", "发布内容", "publication"),
)
RANKING_INPUTS = words(
    ("month", "月份", "the month"),
    ("ground", "申诉理由类别", "the ground"),
    ("evidence_link", "佐证链接", "the link to evidence"),
    ("outcome", "裁定结果", "the outcome"),
)

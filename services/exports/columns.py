"""The columns of the problem ledger (问题台账) in their order, and of the leaders' plain table. Source: domain 9d."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column. A derived one is written for the reader and never read back. `width` in characters."""

    field: str
    zh: str
    en: str
    width: int = 12
    aliases: tuple[str, ...] = ()
    derived: bool = False

    def heading(self, lang: str) -> str:
        """Its heading in a language: zh-CN, or en."""
        return self.en if lang == "en" else self.zh


C = Column
LEDGER: tuple[Column, ...] = (
    C("number", "编号", "Number", 17, ("问题编号",)),
    C("round", "测评轮次", "Round", 14),
    C("source", "来源", "Source", 10, ("问题来源",)),
    C("found_level", "发现级别", "Found level", 9),
    C("found_by", "发现人", "Found by", 18),
    C("found_at", "发现时间", "Found at", 19),
    C("category", "类别", "Category", 18, ("点位类别",)),
    C("standard", "标准编码", "Standard", 9),
    C("point", "点位编号", "Point", 10),
    C("point_name", "点位名称", "Point name", 20, derived=True),
    C("area", "行政区划代码", "Area code", 17),
    C("district", "区县", "District", 12, derived=True),
    C("street", "街镇", "Street or town", 14, derived=True),
    C("community", "社区村", "Community", 16, derived=True),
    C("grid", "网格", "Grid", 12, derived=True),
    C("address", "详细位置", "Address", 24, ("详细地址", "位置")),
    C("lng", "经度", "Longitude", 11),
    C("lat", "纬度", "Latitude", 11),
    C("description", "问题描述", "Description", 40, ("问题",)),
    C("before", "问题照片", "Photos of the problem", 16),
    C("severity", "严重等级", "Severity", 8, ("等级",)),
    C("deduction", "扣分", "Deduction", 7),
    C("lead_unit", "主责单位", "Lead unit", 24, ("责任单位", "牵头单位")),
    C("assisting", "配合单位", "Assisting units", 24, ("协办单位",)),
    C("direct_leader", "直接领导", "Direct leader", 10, derived=True),
    C("deputy_leader", "分管领导", "Deputy leader", 10, derived=True),
    C("principal_leader", "主要领导", "Principal leader", 10, derived=True),
    C("street_chief", "街长", "Street chief", 10, derived=True),
    C("area_chief", "片区长", "Area chief", 10, derived=True),
    C("grid_chief", "网格长", "Grid chief", 10, derived=True),
    C("building_chief", "楼栋长", "Building chief", 10, derived=True),
    C("sponsor_leader", "包点领导", "Sponsor leader", 10, derived=True),
    C("assigned_at", "交办时间", "Assigned at", 19),
    C("signed_in_at", "签收时间", "Signed in at", 19),
    C("limit", "时限", "Limit", 12, ("整改时限",)),
    C("original_due_at", "截止时间", "Due at", 19, ("整改截止时间",)),
    C("extensions", "延期次数", "Extensions", 8),
    C("due_at", "新截止", "New due at", 19, ("新截止时间",)),
    C("measure", "整改措施", "Measure", 30),
    C("result", "整改情况", "Result", 30),
    C("after", "整改后照片", "Photos afterwards", 16),
    C("submitted_at", "完成时间", "Submitted at", 19),
    C("verified_by", "复核人", "Verified by", 18),
    C("verified_at", "复核时间", "Verified at", 19),
    C("verdict", "复核结论", "Verdict", 20),
    C("rework", "返工次数", "Rework", 8),
    C("returns", "退回次数", "Returns", 8),
    C("return_reasons", "退回理由", "Return reasons", 20),
    C("step", "督办级别", "Ladder step", 14),
    C("orders", "督办单号", "Supervision orders", 20),
    C("overdue", "是否逾期", "Overdue", 8, derived=True),
    C("overdue_hours", "逾期时长(小时)", "Overdue for (hours)", 10, derived=True),
    C("satisfaction", "群众满意度", "Satisfaction", 10),
    C("sweep_checked", "举一反三排查数", "Sweep checked", 12),
    C("sweep_found", "新增问题数", "Sweep found", 10),
    C("look_back_at", "回头看日期", "Look-back at", 19),
    C("look_back_result", "回头看结论", "Look-back result", 12),
    C("closed_at", "销号时间", "Closed at", 19),
    C("closed_by", "销号人", "Closed by", 18),
    C("state", "状态", "State", 8),
    C("leader_assigned", "领导交办", "Assigned by a leader", 9),
    C("remark", "备注", "Remark", 30),
)
LEADERS: tuple[Column, ...] = (
    C("position", "序号", "No.", 6),
    C("point_name", "点位", "Point", 22),
    C("description", "问题", "Problem", 40),
    C("unit_name", "责任单位", "Responsible unit", 24),
    C("person", "责任人", "Responsible person", 12),
    C("due_at", "时限", "Due", 17),
    C("progress", "进展", "Progress", 16),
    C("closed", "是否销号", "Closed out", 10),
)
LEDGER_SHEET = {"zh-CN": "问题台账", "en": "Problem ledger"}
LEADERS_SHEET = {"zh-CN": "问题清单", "en": "Problems"}

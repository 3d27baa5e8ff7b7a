"""The columns of the list of material (网报材料清单): what the import reads, and how each piece stands."""

from services.exports.columns import Column

C = Column
SHEET = {"zh-CN": "网报材料清单", "en": "Online filing"}
READ = (
    C("version_code", "测评体系版本", "Edition", 14, ("版本",)),
    C("year", "年度", "Year", 7, ("年份",)),
    C("code", "材料编号", "Material code", 12, ("编号",)),
    C("standard_code", "标准编码", "Standard", 12, ("测评标准", "标准")),
    C("title", "材料名称", "Material", 36, ("申报材料", "材料要求")),
    C("marks", "分值", "Marks", 7),
    C("unit_code", "责任单位", "Responsible unit", 30, ("主责单位", "牵头单位")),
    C("reviewer", "审核人", "Reviewer", 18, ("审核员",)),
    C("due_on", "截止日期", "Deadline", 12, ("报送时限", "截止时间")),
    C("warn_days", "提前预警天数", "Days of warning", 9, ("预警天数",)),
    C("severity", "等级", "Severity", 7, ("严重等级",)),
)
SHOWN = (
    C("state", "状态", "State", 9, derived=True),
    C("submitted_at", "报送时间", "Submitted at", 19, derived=True),
    C("late", "是否逾期", "Late", 9, derived=True),
    C("reviewed_at", "审核时间", "Reviewed at", 19, derived=True),
    C("issue", "问题编号", "Issue", 17, derived=True),
)
COLUMNS = (*READ, *SHOWN)
BY_FIELD = {column.field: column for column in READ}

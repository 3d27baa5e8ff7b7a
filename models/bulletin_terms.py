"""The words for bulletins and for how publications come about; part of models/terms.py."""

from models.publication import PublicationAct, PublicationKind, PublicationState
from models.wording import words

PUBLICATIONS = words(
    (PublicationKind.HALF_MONTH, "半月调度通报", "half-month dispatch bulletin"),
    (PublicationKind.WEEKLY, "创建工作周报", "weekly bulletin"),
    (PublicationKind.MONTHLY, "月度考核通报", "monthly appraisal bulletin"),
    (PublicationKind.ROUND_SCORES, "测评得分", "scores of a round"),
    (PublicationKind.APPRAISAL, "月度考核得分", "monthly appraisal"),
    (PublicationKind.ANNUAL, "年度得分", "annual scores"),
)
PUBLICATION_STATES = words(
    (PublicationState.DRAFT, "草稿", "draft"),
    (PublicationState.APPROVED, "已审批", "approved"),
    (PublicationState.PUBLISHED, "已发布", "published"),
    (PublicationState.WITHDRAWN, "已撤回", "withdrawn"),
)
PUBLICATION_ACTS = words(
    (PublicationAct.DRAFTED, "起草", "drafted"),
    (PublicationAct.CHANGED, "修改", "changed"),
    (PublicationAct.APPROVED, "审批通过", "approved"),
    (PublicationAct.SENT_BACK, "退回修改", "sent back"),
    (PublicationAct.PUBLISHED, "发布", "published"),
    (PublicationAct.WITHDRAWN, "撤回", "withdrawn"),
)
BULLETIN_THINGS = words(
    ("bulletin", "通报", "bulletin"),
    ("file", "文件", "file"),
)
BULLETIN_INPUTS = words(
    ("lead", "总体情况", "the lead paragraph"),
    ("requirements", "工作要求", "the requirements"),
    ("praised", "表扬", "the praise"),
    ("criticised", "批评", "the criticism"),
    ("count", "统计项", "the count"),
)
BULLETIN_HEADINGS = words(
    ("item", "指标", "Figure"),
    ("now", "本期", "This period"),
    ("before", "上期", "Last period"),
    ("difference", "增减", "Difference"),
    ("group", "组别", "Group"),
    ("rank", "名次", "Rank"),
    ("unit", "单位", "Unit"),
    ("unit_code", "单位代码", "Unit code"),
    ("area", "区域", "Area"),
    ("day", "日期", "Day"),
    ("found", "发现", "Found"),
    ("category", "类别", "Category"),
    ("number", "编号", "Number"),
    ("place", "位置", "Place"),
    ("what", "问题", "Problem"),
    ("due_at", "截止", "Due"),
    ("closed_at", "销号时间", "Closed"),
    ("days", "逾期天数", "Days late"),
    ("step", "督办级别", "Ladder step"),
    ("kind", "类型", "Kind"),
    ("open", "未结", "Open"),
    ("overdue", "逾期", "Overdue"),
    ("sponsor", "包点领导", "Sponsor"),
    ("point", "点位", "Point"),
    ("state", "状态", "State"),
    ("score", "得分", "Score"),
    ("list", "红黑榜", "List"),
)
BULLETIN_FIGURES = words(
    ("assigned", "交办", "Assigned"),
    ("due", "到期", "Due"),
    ("suspended", "挂账", "Shelved"),
    ("to_close", "应办结", "To be closed"),
    ("closed", "已销号", "Closed"),
    ("closed_on_time", "按期销号", "Closed on time"),
    ("overdue_open", "逾期未结", "Overdue and open"),
    ("checks", "复核", "Checks"),
    ("failed_checks", "复核未通过", "Failed checks"),
    ("returns", "退回", "Returned"),
    ("extended", "延期", "Extended"),
    ("looked_back", "回头看", "Looked back"),
    ("relapsed", "反弹", "Relapsed"),
    ("rectification_rate", "整改率", "Rectification rate"),
    ("on_time_rate", "按期整改率", "On-time rate"),
    ("rework_rate", "返工率", "Rework rate"),
    ("overdue_open_rate", "逾期未结率", "Overdue rate"),
    ("extension_rate", "延期率", "Extension rate"),
    ("return_rate", "退回率", "Return rate"),
)
BULLETIN_SHEETS = words(
    ("summary", "总体情况", "Summary"),
    ("units", "单位排名", "Units"),
    ("scores", "考核得分", "Scores"),
    ("areas", "分区域", "Areas"),
    ("days", "逐日", "Days"),
    ("categories", "问题类别", "Categories"),
    ("worst", "逾期突出", "Worst overdue"),
    ("hotspots", "问题多发", "Hotspots"),
    ("sponsored", "领导包点", "Sponsored points"),
    ("rows", "明细", "Rows"),
)
BULLETIN_CHARTS = words(
    ("areas", "各区域应办结与已销号", "To be closed and closed, by area"),
    ("days", "逐日发现与销号", "Found and closed, by day"),
    ("categories", "发现问题较多的类别", "Categories with most problems"),
)
BULLETIN_GATHERS = words(
    ("point", "点位", "point"),
    ("fault", "同一点位同一问题", "same fault at a point"),
    ("street", "街镇", "street or town"),
    ("standard", "标准", "standard"),
)
BULLETIN_NOTES = words(
    ("formula", "公式版本", "Version of the formulae"),
    ("counted", "统计时间", "Counted at"),
    ("other", "公式版本与上期不同，不作比较", "Another version of the formulae than last time: not compared"),
    ("none", "无上期数据", "Nothing to compare with"),
)

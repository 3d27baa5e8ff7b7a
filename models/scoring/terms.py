"""The words for every figure of a score, and what its rows are. What a city names itself stands in its rules."""

from collections.abc import Mapping

from models.scoring.number import How
from models.wording import words

NUMBERS = words(
    ("full", "满分", "the whole"),
    ("point", "点位得分", "score of the point"),
    ("lost_share", "扣分占比", "share lost"),
    ("deducted", "扣分合计", "deducted"),
    ("deduction", "扣分", "deduction"),
    ("full_marks", "适用标准满分", "full marks of the applicable standards"),
    ("category", "类别得分", "score of the category"),
    ("on_site", "实地考察得分", "on-site score"),
    ("round", "测评得分", "score of the audit"),
    ("on_site_year", "实地考察年度得分", "on-site score of the year"),
    ("compliance", "符合率", "compliance rate"),
    ("met", "符合", "met"),
    ("judged", "已判定", "judged"),
    ("online_filing", "网上申报得分", "online filing score"),
    ("filed_share", "材料得分率", "share of marks earned"),
    ("marks", "材料分值", "marks"),
    ("marks_asked", "材料总分", "marks asked for"),
    ("marks_earned", "材料得分", "marks earned"),
    ("questionnaire", "问卷调查得分", "questionnaire score"),
    ("questions", "各题加权", "questions by weight"),
    ("question", "单题得分率", "rate of the question"),
    ("answered_well", "好评率", "rate of good answers"),
    ("good_answers", "好评折算数", "good answers"),
    ("answer", "作答", "answer"),
    ("answers", "样本数", "answers"),
    ("year", "年度成绩", "score of the year"),
    ("cycle", "三年周期成绩", "score of the cycle"),
    ("counties", "区县均分", "mean of the counties"),
    ("co_creation", "两级联创得分", "score with the counties"),
    ("after_negative", "扣减负面清单后得分", "score after the negative list"),
    ("negative_list", "负面清单扣分", "negative list"),
    ("entry", "负面清单条目", "entry of the negative list"),
    ("cases", "起数", "cases"),
    ("unit_score", "单位考核得分", "score of the unit"),
    ("rates", "指标加权", "rates by weight"),
    ("disposal", "整改率", "rectification rate"),
    ("on_time", "按期整改率", "on-time rate"),
    ("rework", "返工率", "rework rate"),
    ("overdue", "超期未结率", "overdue and open"),
    ("extension", "延期率", "extension rate"),
    ("return", "退单率", "return rate"),
    ("relapse", "反弹率", "relapse rate"),
    ("satisfaction", "满意率", "satisfaction"),
    ("without_rework", "一次合格率", "passed at once"),
    ("without_overdue", "无超期率", "not overdue"),
    ("without_extension", "无延期率", "not extended"),
    ("to_close", "应整改数", "to be closed"),
    ("closed", "已销号数", "closed"),
    ("closed_on_time", "按期销号数", "closed on time"),
    ("due", "到期数", "due"),
    ("overdue_open", "超期未结数", "overdue and open"),
    ("extended", "延期数", "extended"),
    ("checks", "复核次数", "checks"),
    ("failed_checks", "返工次数", "failed checks"),
    ("received", "接收数", "received"),
    ("returned", "退回数", "returned"),
    ("looked_back", "回头看数", "looked back at"),
    ("relapsed", "反弹数", "relapsed"),
    ("deductions", "扣分合计", "deductions"),
    ("deduction_found", "被查出扣分", "found"),
    ("deduction_late", "逾期扣分", "not put right in time"),
    ("deduction_repeated", "重复出现扣分", "found again"),
    ("bonus", "加分", "bonus"),
    ("self_found", "自查自改数", "found and put right by the unit itself"),
    ("incidents", "专项加减分", "incidents"),
    ("incident", "专项事项", "incident"),
)
HOW = words(
    (How.COUNTED, "计数", "counted"),
    (How.SUM, "加权合计", "sum by weight"),
    (How.MEAN, "加权平均", "mean by weight"),
    (How.RATIO, "前项÷后项", "first ÷ second"),
)
NOTES = words(
    ("sample_too_small", "样本不足", "sample too small"),
    ("incomplete", "数据不全", "incomplete"),
)
STANDINGS = words(
    ("eligible", "具备资格", "may take part"),
    ("unknown", "前置条件未测", "a precondition was not measured"),
    ("below_precondition", "未达前置条件", "below a precondition"),
    ("vetoed", "一票否决", "vetoed"),
)
CASE_MARKS = words(
    ("late", "逾期", "late"),
    ("extended", "已延期", "extended"),
    ("leader_assigned", "领导交办", "assigned by a leader"),
    ("repeated", "重复出现", "found again"),
    ("again", "反弹", "came back"),
)
SCORE_THINGS = words(
    ("scoring version", "计分口径", "formula"),
    ("evaluation system", "测评体系", "evaluation system"),
    ("year", "年度", "year"),
    ("negative hit", "负面清单记录", "entry of the negative list"),
    ("incident", "加减分事项", "incident"),
)
NO_PLACES = words(
    ("no_cases", "本期无问题，不参与排名", "no cases, not ranked"),
    ("too_few_cases", "问题数过少，不参与排名", "too few cases to be ranked"),
    ("no_score", "无得分", "no score"),
)
CHANGES = words(
    ("new", "本期新增", "new"),
    ("gone", "本期未列", "no longer listed"),
    ("other_group", "分组调整，不可比", "another group: not comparable"),
    ("other_formula", "口径调整，不可比", "another formula: not comparable"),
    ("no_place", "一期未参与排名", "not ranked in one of both"),
)
ROWS: Mapping[str, str] = {
    "deduction": "observation",
    "full_marks": "observation",
    "met": "observation",
    "judged": "observation",
    "marks": "filing",
    "marks_asked": "filing",
    "answer": "survey",
    "answers": "survey",
    "cases": "negative_hit",
    "incident": "incident",
}
"""Figure → what its rows are; those of all others are issues."""

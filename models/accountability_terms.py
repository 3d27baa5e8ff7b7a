"""The words for measures, instructions and patrols; part of models/terms.py."""

from models.accountability import BY_HAND, MeasureAct, MeasureKind, MeasureState
from models.accountability_rules import When
from models.instruction import InstructionAct
from models.wording import words

MEASURES = words(
    (MeasureKind.ORDER, "督办单", "supervision order"),
    (MeasureKind.INTERVIEW, "约谈", "interview"),
    (MeasureKind.YELLOW_CARD, "黄牌", "yellow card"),
    (MeasureKind.RED_CARD, "红牌", "red card"),
    (MeasureKind.PROPOSAL, "问责移送建议", "accountability proposal"),
)
MEASURE_STATES = words(
    (MeasureState.PROPOSED, "待决定", "to be decided"),
    (MeasureState.SECONDING, "待第二人审核", "waits for a second person"),
    (MeasureState.REJECTED, "不采纳", "rejected"),
    (MeasureState.LAPSED, "已失效", "lapsed"),
    (MeasureState.ISSUED, "已下达", "issued"),
    (MeasureState.REPLIED, "待审核回复", "reply to be reviewed"),
    (MeasureState.DONE, "已办结", "done"),
)
MEASURE_ACTS = words(
    (MeasureAct.PROPOSE, "提出", "proposed"),
    (MeasureAct.APPROVE, "同意", "approved"),
    (MeasureAct.SECOND, "复审同意", "seconded"),
    (MeasureAct.REJECT, "不采纳", "rejected"),
    (MeasureAct.REPLY, "书面回复", "replied"),
    (MeasureAct.RETURN, "退回回复", "reply returned"),
    (MeasureAct.ACCEPT, "回复通过", "reply accepted"),
    (MeasureAct.HOLD, "记录约谈", "interview recorded"),
    (MeasureAct.CONCLUDE, "记录处理结果", "outcome recorded"),
    (MeasureAct.CLIMB, "回复逾期升级", "late reply climbed"),
    (MeasureAct.LAPSE, "失效", "lapsed"),
)
MEASURE_CAUSES = words(
    (When.ORDER, "升级规则已编号督办单", "the ladder numbered an order"),
    (When.STEP, "升级到规定步骤", "the ladder reached a step"),
    (When.OVERDUE, "逾期问题达到规定件数", "so many issues are overdue"),
    (When.YELLOW_CARDS, "规定期间内黄牌累计", "so many yellow cards"),
    (When.BLACK_LIST, "连续进入黑榜", "on the black list in a row"),
    (When.REPLY_LATE, "督办回复长期逾期", "the reply is long late"),
    (BY_HAND, "人工提出", "proposed by a person"),
)
INSTRUCTION_ACTS = words(
    (InstructionAct.RECORDED, "登记", "recorded"),
    (InstructionAct.READ, "阅读", "read"),
    (InstructionAct.ANSWERED, "报告落实情况", "answered"),
    (InstructionAct.FINISHED, "办结", "finished"),
)

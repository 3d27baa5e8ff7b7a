"""What to do about each errand, in the languages of the city. For other terms see models/terms.py."""

from models.errand import ErrandKind
from models.wording import words

ERRANDS = words(
    (ErrandKind.INSTRUCTION, "待阅批示", "instruction to read"),
    (ErrandKind.LETTER, "待签收任务书", "task letter to sign for"),
    (ErrandKind.APPEAL_WINDOW, "月度考核可申诉", "month open to appeals"),
    (ErrandKind.APPEAL, "待裁定申诉", "appeal to decide"),
    (ErrandKind.MEASURE, "待决定措施", "measure to decide"),
    (ErrandKind.SECOND, "待复审问责移送建议", "proposal to second"),
    (ErrandKind.REPLY, "待审核督办回复", "reply to review"),
    (ErrandKind.INTERVIEW, "约谈待登记", "interview to put on record"),
    (ErrandKind.OUTCOME, "移送结果待登记", "outcome to put on record"),
    (ErrandKind.RECHECK, "复查差异待裁定", "differing looks to decide"),
    (ErrandKind.APPROVE, "待审批草稿", "draft to approve"),
    (ErrandKind.PUBLISH, "待发布", "approved, to publish"),
    (ErrandKind.FILE, "待报送材料", "material to hand in"),
    (ErrandKind.REVIEW, "待审核材料", "material to review"),
    (ErrandKind.SURVEY, "待访问", "interviews to hold"),
    (ErrandKind.PATROL, "待巡查", "patrol to make"),
)

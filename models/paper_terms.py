"""The words for kinds of papers; part of models/terms.py."""

from models.paper import PaperKind
from models.wording import words

PAPERS = words(
    (PaperKind.ASSIGNMENT_SLIP, "交办单", "assignment slip"),
    (PaperKind.REMINDER_NOTICE, "催办通知书", "reminder notice"),
    (PaperKind.SUPERVISION_ORDER_1, "督办单（第一次）", "supervision order no. 1"),
    (PaperKind.SUPERVISION_ORDER_2, "督办单（第二次）", "supervision order no. 2"),
    (PaperKind.SUPERVISION_ORDER_3, "督办单（第三次）", "supervision order no. 3"),
    (PaperKind.INTERVIEW_NOTICE, "约谈通知", "interview notice"),
    (PaperKind.RECTIFICATION_NOTICE, "整改通知书", "rectification notice"),
    (PaperKind.TASK_LETTER, "任务书", "task letter"),
    (PaperKind.UNIT_INTERVIEW, "约谈通知（单位）", "interview notice to a unit"),
    (PaperKind.YELLOW_CARD, "黄牌警告", "yellow card"),
    (PaperKind.RED_CARD, "红牌警告", "red card"),
    (PaperKind.TRANSFER_PROPOSAL, "问责移送建议书", "accountability proposal"),
)

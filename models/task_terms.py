"""The words of task letters; part of models/terms.py."""

from models.task_letter import LetterAct, LetterState
from models.wording import words

LETTER_STATES = words(
    (LetterState.ISSUED, "已下发", "issued"),
    (LetterState.TOLD, "已送达", "told"),
    (LetterState.LATE, "逾期未签", "late"),
    (LetterState.SIGNED, "已签收", "signed for"),
    (LetterState.REPLACED, "已替代", "replaced"),
)
LETTER_ACTS = words(
    (LetterAct.ISSUED, "下发", "issued"),
    (LetterAct.SIGNED, "签收", "signed for"),
    (LetterAct.REMINDED, "提醒签收", "reminded"),
    (LetterAct.CLIMBED, "报上级", "told those above"),
    (LetterAct.REPLACED, "被新版替代", "replaced by a later edition"),
)

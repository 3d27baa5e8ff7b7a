"""The words of surveys and of online filing; part of models/terms.py."""

from models.filing import FilingAct, FilingState
from models.survey import Audience
from models.wording import words

AUDIENCES = words(
    (Audience.HOUSEHOLD, "入户", "households"),
    (Audience.RATER, "评价员", "field raters"),
    (Audience.PUBLIC, "公众扫码", "the public, by QR code"),
)
FILING_STATES = words(
    (FilingState.MISSING, "未报送", "missing"),
    (FilingState.SUBMITTED, "待审核", "submitted"),
    (FilingState.RETURNED, "已退回", "returned"),
    (FilingState.ACCEPTED, "已通过", "accepted"),
)
FILING_ACTS = words(
    (FilingAct.LISTED, "列入清单", "listed"),
    (FilingAct.CHANGED, "清单调整", "list changed"),
    (FilingAct.DROPPED, "移出清单", "taken off the list"),
    (FilingAct.SUBMITTED, "报送", "submitted"),
    (FilingAct.RETURNED, "退回", "returned"),
    (FilingAct.ACCEPTED, "审核通过", "accepted"),
    (FilingAct.TAKEN_BACK, "撤销通过", "acceptance taken back"),
    (FilingAct.RAISED, "转为问题", "made an issue"),
)

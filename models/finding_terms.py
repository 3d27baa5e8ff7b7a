"""The words of audits and evidence, and of what tokens are for. See terms.py."""

from models.api import ApiScope
from models.audit import Result, RoundKind
from models.evidence import FlagKind, Judgement
from models.issue import EvidenceKind
from models.wording import words

ROUNDS = words(
    (RoundKind.ANNOUNCED, "明察", "announced inspection"),
    (RoundKind.COVERT, "暗访", "covert inspection"),
    (RoundKind.MOCK, "模拟测评", "mock evaluation"),
    (RoundKind.SPECIAL, "专项督查", "special inspection"),
    (RoundKind.LOOK_BACK, "回头看", "look-back check"),
    (RoundKind.SUPERIOR, "上级反馈", "superior's feedback"),
    (RoundKind.SAME_FAULT, "举一反三", "same-fault sweep"),
)
RESULTS = words(
    (Result.MET, "符合", "met"),
    (Result.NOT_MET, "不符合", "not met"),
    (Result.NOT_APPLICABLE, "不适用", "not applicable"),
)
EVIDENCE = words(
    (EvidenceKind.BEFORE, "整改前", "before"),
    (EvidenceKind.AFTER, "整改后", "after"),
    (EvidenceKind.OTHER, "其他", "other"),
)
FLAGS = words(
    (FlagKind.SAME_FILE, "照片已用于其他问题", "photo used before"),
    (FlagKind.SAME_PICTURE, "与其他问题的照片相似", "photo like another one"),
    (FlagKind.BEFORE_IS_AFTER, "整改前后为同一照片", "same photo before and after"),
    (FlagKind.TAKEN_BEFORE, "拍摄时间早于发现时间", "taken before it was found"),
    (FlagKind.TOO_FAR, "拍摄地点过远", "taken far from the place"),
)
JUDGEMENTS = words(
    (Judgement.KEPT, "确有问题", "it counts"),
    (Judgement.DISMISSED, "没有问题", "nothing to it"),
)
API_SCOPES = words(
    (ApiScope.READ, "读取", "read"),
    (ApiScope.REPORT, "上报问题", "report issues"),
    (ApiScope.ACT, "办理问题", "act on issues"),
    (ApiScope.AUDIT, "督查", "run audits"),
    (ApiScope.EXPORT, "导出", "export"),
    (ApiScope.HOOKS, "管理事件推送", "manage webhooks"),
)

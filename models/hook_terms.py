"""What can be subscribed to, and the words for it; part of models/terms.py."""

from collections.abc import Mapping, Sequence

from models.hook import DeliveryState, HookState, Pause, Told
from models.lifecycle import Action
from models.wording import words

REQUESTS = frozenset(action for action in Action if action.value.startswith(("ask_", "grant_", "refuse_")))
"""Asking and deciding are told as request.…, all other actions as issue.…"""
AUDITS = ("started", "sheet_filled", "finished")
MESSAGES = ("failed", "unknown")
ALL = "*"
PING = "ping"


def kind_of_action(action: str) -> str:
    """Under which name an action on an issue is told: `issue.assign`, `request.ask_extension`."""
    return f"request.{action}" if action in REQUESTS else f"issue.{action}"


FAMILIES: Mapping[str, Sequence[str]] = {
    "issue": tuple(f"issue.{action}" for action in Action if action not in REQUESTS),
    "request": tuple(f"request.{action}" for action in Action if action in REQUESTS),
    "audit": tuple(f"audit.{what}" for what in AUDITS),
    "message": tuple(f"message.{state}" for state in MESSAGES),
}
KINDS: frozenset[str] = frozenset(
    {ALL, *(f"{family}.*" for family in FAMILIES), *(kind for kinds in FAMILIES.values() for kind in kinds)}
)
"""All that a subscription may name."""

HOOK_STATES = words(
    (HookState.ACTIVE, "推送中", "active"),
    (HookState.PAUSED, "已暂停", "paused"),
    (HookState.ENDED, "已结束", "ended"),
)
PAUSES = words(
    (Pause.BY_HAND, "由管理员暂停", "paused by the administrator"),
    (Pause.FAILING, "一天没有成功过，已自动暂停，每6小时再试一次", "nothing was taken for a day; tried every 6 hours"),
    (Pause.GONE, "接收方答复已停用（410）", "the receiver says that it is gone (410)"),
    (Pause.RIGHT, "负责人已无权管理推送，请由其他管理员接手", "its owner may no longer manage webhooks; take it over"),
)
DELIVERIES = words(
    (DeliveryState.WAITING, "待推送", "waiting"),
    (DeliveryState.SENDING, "推送中", "being sent"),
    (DeliveryState.SENT, "已送达", "delivered"),
    (DeliveryState.FAILED, "已放弃", "given up"),
)
TOLD = words(
    (Told.OK, "成功", "taken"),
    (Told.REFUSED, "被拒绝", "refused"),
    (Told.DOWN, "对方不可用", "unavailable"),
    (Told.GONE, "已停用", "gone"),
)
EVENT_FAMILIES = words(
    ("issue", "问题", "issues"),
    ("request", "申请", "requests"),
    ("audit", "测评", "audits"),
    ("message", "消息", "messages"),
)
EVENTS = words(
    ("audit.started", "测评发起", "audit started"),
    ("audit.sheet_filled", "测评表填完", "sheet filled in"),
    ("audit.finished", "测评结束", "audit finished"),
    ("message.failed", "消息未送达任何人", "message reached nobody"),
    ("message.unknown", "消息是否送达不明", "message may not have arrived"),
)
HOOK_THINGS = words(("webhook", "事件推送", "webhook"), ("delivery", "推送记录", "delivery"))
HOOK_INPUTS = words(
    ("name", "名称", "the name"),
    ("url", "接收地址", "the address"),
    ("kinds", "推送的事件", "what is told"),
    ("severities", "等级", "the severities"),
    ("overlap", "旧密钥有效时间", "how long the secret before signs"),
    ("since", "起始时间", "the time"),
)

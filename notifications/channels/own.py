"""Which Apprise plugins are ours. A new one is one line here."""

from functools import cache

from notifications.channels.dingtalk import DingTalk
from notifications.channels.feishu import Feishu, Lark
from notifications.channels.gateway import HttpGateway
from notifications.channels.plugin import Plugin, register
from notifications.channels.sms_aliyun import AliyunSms
from notifications.channels.sms_tencent import TencentSms
from notifications.channels.webhook import Webhook
from notifications.channels.wecom_app import WecomApp
from notifications.channels.wecombot import WecomBot

OWN: tuple[type[Plugin], ...] = (
    WecomBot,
    WecomApp,
    DingTalk,
    Feishu,
    Lark,
    AliyunSms,
    TencentSms,
    HttpGateway,
    Webhook,
)


@cache
def register_own() -> None:
    """Once per process: make Apprise use them for their schemes, in place of its own."""
    register(*OWN)

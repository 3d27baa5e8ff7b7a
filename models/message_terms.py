"""The words of messages and contacts. See terms.py."""

from models.message import MessageState, Outcome
from models.unit import ChannelClass
from models.wording import words

MESSAGE_STATES = words(
    (MessageState.PENDING, "待发送", "pending"),
    (MessageState.BUNDLED, "已并入摘要", "bundled"),
    (MessageState.SENDING, "发送中", "sending"),
    (MessageState.SENT, "已发送", "sent"),
    (MessageState.DELIVERED, "已读", "delivered"),
    (MessageState.REFUSED, "被拒待重试", "refused, will retry"),
    (MessageState.UNKNOWN, "结果不明", "unknown"),
    (MessageState.FAILED, "未送达", "failed"),
    (MessageState.SUPPRESSED, "不发送", "suppressed"),
)
OUTCOMES = words(
    (Outcome.SENDING, "发送中", "sending"),
    (Outcome.SENT, "已发送", "sent"),
    (Outcome.REFUSED, "暂被拒绝", "refused for now"),
    (Outcome.PERMANENT, "永久失败", "failed for good"),
    (Outcome.UNKNOWN, "结果不明", "unknown"),
    ("silent", "未应答", "no answer"),
)
FAILURES = words(
    ("vacant", "岗位空缺", "the post is vacant"),
    ("no_such_post", "此处没有该岗位", "there is no such post here"),
    ("no_contact", "没有可用的联系方式", "no usable contact"),
    ("all_failed", "各渠道均未送达", "every channel failed"),
    ("unknown", "是否送达不明", "whether it arrived is not known"),
)
CONTACTS = words(
    ("used", "使用中", "in use"),
    ("not_confirmed", "待验证", "not confirmed"),
    ("off", "已停用", "off"),
    ("dead", "已失效", "nobody is there"),
    ("removed", "已移除", "removed"),
    ("replaced", "已更换", "replaced"),
    ("pack", "管理员担保（城市数据）", "vouched for by the administrator (city pack)"),
    ("code", "验证码确认", "confirmed by a code"),
)
CHANNELS = words(
    (ChannelClass.APP, "站内信", "inbox"),
    (ChannelClass.CHAT, "群聊", "chat"),
    (ChannelClass.SMS, "短信", "SMS"),
    (ChannelClass.MAIL, "邮件", "mail"),
    (ChannelClass.PHONE, "电话", "phone"),
    (ChannelClass.BULLETIN, "通报", "bulletin"),
)

"""Why a try ended as it did, in words. A provider's codes have theirs in its own table, which the try has kept."""

from collections.abc import Mapping

from models.terms import Words
from notifications.words import language

# Our own codes: what came instead of a provider's answer. zh-CN, en
OURS: Words = {
    "address": ("地址不可用", "the address cannot be used"),
    "gateway": ("服务器或网关无应答", "the server or gateway does not answer"),
    "connect": ("连接不上", "no connection"),
    "lost": ("发送后连接中断，是否送达不明", "the connection broke after it was sent: it may have arrived"),
    "text": ("内容无法生成", "the text could not be made"),
    "error": ("渠道程序出错，是否送达不明", "the channel has a fault: it may have arrived"),
    "answer": ("应答不是服务商的", "the answer is not the provider's"),
    "plugin": ("插件未说明原因", "the plugin gave no reason"),
    "template": ("没有可用的短信模板", "no SMS template fits"),
    "reaped": ("发送中断，是否送达不明", "sending was broken off: it may have arrived"),
}
STATUSES: Words = {
    "401": ("未获授权：密钥或口令不对", "not authorised: the key or password is wrong"),
    "403": ("被禁止：无此权限", "forbidden: not allowed to us"),
    "404": ("地址不存在", "there is no such address"),
    "410": ("地址已取消", "the address was taken away"),
    "429": ("请求过于频繁", "too many requests"),
    "550": ("邮箱不存在或拒收", "no such mailbox, or it refuses"),
}
GROUPS: Mapping[str, tuple[str, str]] = {
    "4": ("请求被拒绝", "the request was refused"),
    "5": ("对方服务器故障", "the other side's server has a fault"),
}
BETWEEN = " / "


def reason(code: str, detail: str, *, lang: str) -> str:
    """The reason for an operator, in one language where there are words for it; else what the other side said."""
    column = 0 if language(lang) == "zh-CN" else 1
    if BETWEEN in detail:
        return detail.split(BETWEEN, 1)[column]
    if words := OURS.get(code) or STATUSES.get(code):
        return words[column]
    plain = not detail or detail == f"HTTP {code}"
    if plain and len(code) == 3 and code[0] in GROUPS and code.isdecimal():
        return GROUPS[code[0]][column]
    return detail or code

"""What a browser calls itself, in words that people know. The first that fits."""

import re

from runtime.i18n import gettext as _

BROWSERS = (
    ("wxwork", "企业微信 WeCom"),
    ("DingTalk", "钉钉 DingTalk"),
    ("Lark", "飞书 Feishu"),
    ("MicroMessenger", "微信 WeChat"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """Such as `Chrome · Android`; the beginning of what it says where none fits."""
    found = [_first(BROWSERS, agent), _first(SYSTEMS, agent)]
    return " · ".join(word for word in found if word) or agent[:40] or _("unknown device")


def _first(words: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for sign, word in words if re.search(sign, agent)), "")

"""The neutral text (../neutral.py) as providers take it: the code of a template that they approved, and its values.

due      count, day   您有{1}项任务将于{2}到期，请登录系统查看
overdue  count, day   您有{1}项任务已于{2}到期，请登录系统查看
waiting  count        您有{1}项任务待处理，请登录系统查看
news     count        您有{1}条消息，请登录系统查看
code     code         您的验证码是{1}，十分钟内有效

An installation names its codes in the gateway's URL (`template.due=SMS_1`). `template.default` stands in for every
one of them that it does not name, except for `code`; it has a count and a day.
"""

import re
from collections.abc import Mapping

from notifications.channels.base import SmsText
from notifications.neutral import DUE, NEWS, OVERDUE, WAITING

DEFAULT = "default"
CODE = "code"
VARIABLES: Mapping[str, tuple[str, ...]] = {
    DUE: ("count", "date"),
    OVERDUE: ("count", "date"),
    WAITING: ("count",),
    NEWS: ("count",),
    CODE: ("code",),
    DEFAULT: ("count", "date"),
}
STANDS_IN: Mapping[str, tuple[str, ...]] = {
    DUE: (DEFAULT, WAITING),
    OVERDUE: (DEFAULT, WAITING),
    WAITING: (DEFAULT,),
    NEWS: (WAITING, DEFAULT),
    CODE: (),
    DEFAULT: (DUE,),
}
"""Which template is taken, in order, where one is not named."""
SOON = "近期"
"""The day, in a template that wants one, of what has none. At most six characters, as all values: domain 7, Tencent."""
PHONE = re.compile(r"\+?[0-9]{5,18}")


def chosen(text: SmsText | None, *, templates: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The code of the template that is named for this text, or stands in for it, and the values it wants, by name.

    A letter without such a text says that one task is waiting. None where no template fits.
    """
    text = text or SmsText(WAITING, ("1",))
    for name in (text.template, *STANDS_IN.get(text.template, ())):
        if name in templates:
            given = dict(zip(VARIABLES.get(text.template, ()), text.values, strict=False))
            return templates[name], {one: given.get(one, SOON) for one in VARIABLES[name]}
    return None


def phone_of(address: str) -> str | None:
    """A phone number without the signs people write into it, such as +8619900000001; None when it is none."""
    number = re.sub(r"[\s()./-]", "", address)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    return number if PHONE.fullmatch(number) else None


def with_country(number: str) -> str:
    """E.164. A mainland number may come without its country."""
    if number.startswith("+"):
        return number
    mainland = re.fullmatch(r"(?:86)?(1[0-9]{10})", number)
    return f"+86{mainland[1]}" if mainland else f"+{number}"


def masked(text: str) -> str:
    """The text with the middle of every number that could be a phone's blotted out: 199****0001."""
    return re.sub(r"\d{7,}", lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)

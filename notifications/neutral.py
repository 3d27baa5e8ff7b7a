"""What an SMS may say: how many tasks, by which day. Neutral and fixed: no problem, no link, no slogan.

Which of few sentences, and the values in it; the sentences themselves are in templates/*/_sms.txt, and with providers
that send approved templates only (channels/sms_text.py). Source: domain 11.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.kinds import DIGEST
from notifications.material import Material
from notifications.variables import Reader, variables
from notifications.words import Language

DUE, OVERDUE, WAITING, NEWS = "due", "overdue", "waiting", "news"
NOTHING_TO_DO = frozenset(
    {
        *("passed", "closed", "stand_down", "voided", "merged", "order_answered", "request_granted", "request_refused"),
        *("bulletin", "sweep_finished", "appeal_decided"),
    }
)
"""Kinds that tell of an end, an answer or figures: there may be a deadline, but the reader has no task by that day."""
OWN_DAY = {
    "task_letter_issued": "letter_due_at",
    "task_letter_late": "letter_due_at",
    "measure_decided": "reply_due_at",
    "reply_returned": "reply_due_at",
    "material_returned": "material_due_at",
    "sweep_assigned": "sweep_due_at",
    "sweep_late": "sweep_due_at",
}
"""Kinds about no issue whose reader has a task by a day of its own: the fact that holds it."""
MOST = 9999
"""Providers take few characters for a value: domain 7."""


@dataclass(frozen=True)
class Neutral:
    """Which sentence, how many of what it speaks of, and the day, or nothing."""

    what: str
    count: str
    day: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """What the sentence holds, in its order."""
        return (self.count, self.day) if self.day else (self.count,)


def neutral(material: Material, *, reader: Reader, at: datetime) -> Neutral:
    """What an SMS says of this message, when `at` is now."""
    issue = variables(material, reader=reader, at=at)["issue"]
    due_at = issue["due_at"] if issue else _own_day(material)
    kind, count = material.message.kind, str(min(_count(material), MOST))
    if kind in NOTHING_TO_DO:
        return Neutral(NEWS, "1")
    if due_at is None:
        return Neutral(WAITING, count)
    day = day_of(due_at, zone=material.city.zone, lang=reader.lang)
    return Neutral(OVERDUE if due_at <= at else DUE, count, day)


def _own_day(material: Material) -> datetime | None:
    written = material.message.facts.get(OWN_DAY.get(material.message.kind, ""))
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def day_of(at: datetime, *, zone: ZoneInfo, lang: Language) -> str:
    """A day in at most six characters: 12月31日, 31 Dec."""
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日" if lang == "zh-CN" else f"{local.day} {local:%b}"


def _count(material: Material) -> int:
    told = material.bundled if material.message.kind == DIGEST else material.message.facts.get("lines")
    return max(1, len(told)) if isinstance(told, list | tuple) else 1

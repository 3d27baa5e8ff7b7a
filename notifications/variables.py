"""The names that templates may use, with values ready to be read. Strings, so that a template is only words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import terms
from models.message import Message
from models.terms import term
from notifications.material import Material
from notifications.words import Language, length, moment, shorten

PROVISIONAL: Mapping[Language, str] = {"zh-CN": "（暂定）", "en": " (provisional)"}
BECAUSE: terms.Words = {
    "finder": ("问题由您发现", "you found it"),
    "told": ("您曾收到此问题的提醒", "you were told of this issue before"),
    "verifiers": ("需独立复核", "an independent check is wanted"),
    "sweep": ("您参与举一反三排查", "you take part in a same-fault sweep"),
    "inspector": ("您是检查员", "you are the inspector"),
    "interviewer": ("您是访问员", "you are the interviewer"),
    "filed": ("材料由您报送", "you handed it in"),
    "task_letter": ("任务书下发到您的单位", "the task letter is for your unit"),
    "task_letter_above": ("您是该单位的上级或下发单位", "the unit is below you, or your office issued the letter"),
    "appeals": ("您的单位可就月度考核申诉", "your unit may appeal against the month's appraisal"),
    "decides_appeals": ("您可裁定此申诉", "you may decide this appeal"),
    "waiting": ("这些事项待您处理", "these wait for you"),
    "own_contact": ("这是您的联系方式", "the contact is yours"),
    "duty": ("这是您的职责", "it is your task"),
    "storm": ("多件事项合并发送", "several messages were put together"),
}


@dataclass(frozen=True)
class Reader:
    """Who reads: in which language, as the holder of which post, in whose place."""

    code: str
    name: str
    lang: Language
    post_code: str | None = None
    deputy_for: str = ""


def variables(material: Material, *, reader: Reader, at: datetime) -> dict[str, Any]:
    """Everything a template of this message may name."""
    message, lang = material.message, reader.lang
    facts = message.facts
    names = {name: material.names.get(str(code), str(code or "")) for name, code in facts.items() if _is_code(name)}
    return {
        "issue": _issue(material, lang, at) if material.issue else None,
        "facts": facts,
        "names": names,
        "reader": _reader(material, reader),
        "why": _why(material, lang),
        "digest": [_line(line, material, lang) for line in material.bundled],
        "request": term(terms.REQUESTS, str(facts.get("action", "")).split("_", 1)[-1], lang),
        "cause": term(terms.CAUSES, facts.get("cause"), lang),
        "measure": term(terms.MEASURES, facts.get("measure"), lang),
        "failure": term(terms.FAILURES, facts.get("failure"), lang),
        "channel": term(terms.CHANNELS, facts.get("channel"), lang),
        "level": term(terms.LEVELS, facts.get("level"), lang),
        "zone": material.city.zone,
        "lang": lang,
    }


def _is_code(name: str) -> bool:
    return name in ("returned_by", "lead_unit", "actor", "instead_of")


def _issue(material: Material, lang: Language, at: datetime) -> dict[str, Any]:
    """The issue as the event left it where the event says so (a later extension rewrites no old message)."""
    row, facts = material.issue or {}, material.message.facts
    due_at = _time(facts.get("due_at")) or row["due_at"]
    provisional = facts.get("due_provisional", row["due_provisional"])
    unit = facts.get("lead_unit") or row["lead_unit"]

    def shown(value: Any) -> str:
        return moment(value, zone=material.city.zone, lang=lang)

    return {
        "number": row["number"],
        "point": shorten(row["point_name"] or row["address"] or row["area_name"], 24),
        "summary": shorten(row["description"], 20 if lang == "zh-CN" else 60),
        "severity": _severity(str(facts.get("severity") or row["severity"]), material, lang),
        "unit": shorten(material.names.get(str(unit), unit), 24),
        "state": term(terms.STATES, row["state"], lang),
        "rework": facts.get("rework") or row["rework"],
        "due_at": due_at,
        "due": shown(due_at) + (PROVISIONAL[lang] if provisional and due_at else ""),
        "left": length(due_at - at, lang=lang) if due_at else "",
        "overdue": length(at - due_at, lang=lang) if due_at else "",
        "late_by": length(at - due_at, lang=lang) if due_at and due_at <= at else "",
        "sign_in_due": shown(row["sign_in_due_at"]),
        "stage_due": shown(facts.get("was_due") or row["stage_due_at"]),
        "milestone": shown(facts.get("milestone_at") or row["milestone_at"]),
        "order": row["order_number"],
    }


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _severity(code: str, material: Material, lang: Language) -> str:
    rule = (material.rules or material.city.rules).severities.get(code)
    return f"{code} {rule.name if lang == 'zh-CN' else rule.name_en}" if rule else code


def _reader(material: Material, reader: Reader) -> dict[str, str]:
    """`post` is the bare kind of post, `title` the post as the city calls it."""
    code = reader.post_code or ""
    kind = term(terms.POSTS, code.rsplit(":", 1)[-1], reader.lang) if code else ""
    title = material.names.get(code, "")
    if reader.lang != "zh-CN" and title:
        title = f"{kind} ({title})"
    return {"name": reader.name, "post": kind, "title": title or kind, "deputy_for": reader.deputy_for}


def _why(material: Material, lang: Language) -> dict[str, str]:
    facts = material.message.facts
    instead_of = str(facts.get("instead_of") or "")
    return {
        "because": _because(material.message, lang),
        "step": _step(material, lang),
        "instead_of": material.names.get(instead_of, instead_of),
    }


def _because(message: Message, lang: Language) -> str:
    """The rule in words; a post says enough by its title."""
    known = message.why if message.why in BECAUSE or message.post_code else "duty"
    return term(BECAUSE, known, lang) if known in BECAUSE else ""


def _step(material: Material, lang: Language) -> str:
    """The step of the ladder that this message tells, by name."""
    facts, rules = material.message.facts, material.rules or material.city.rules
    step = "E0" if facts.get("action") == "assign" else facts.get("step")
    code = f"E{step}" if isinstance(step, int) else str(step or "").split("-")[0]
    if facts.get("action") not in ("assign", "escalate"):
        return ""
    for one in rules.ladder:
        if one.code == code:
            return f"{code} {one.name if lang == 'zh-CN' else one.name_en}"
    return code


def _line(row: Mapping[str, Any], material: Material, lang: Language) -> dict[str, str]:
    """One line of a digest: what kind of news, number, what, due; and for whom, where several read it."""
    due = moment(row["due_at"], zone=material.city.zone, lang=lang)
    what = shorten(row["point_name"] or row["description"], 20)
    mark = PROVISIONAL[lang] if row["due_provisional"] and due else ""
    kind = term(terms.MESSAGE_KINDS, row["kind"], lang)
    return {"kind": kind, "number": row["number"], "what": what, "due": due + mark, "who": row.get("who", "")}

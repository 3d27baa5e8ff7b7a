"""Words for the tables and columns of a city pack, for values in its cells, and for what its lint says."""

from collections.abc import Mapping

from models import checklist_terms, terms
from models.administration import ChangeKind
from runtime.expectations import expected
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.administering import ColumnInfo, ColumnKind
from services.cities.finding import Finding

GLOSSARIES: Mapping[tuple[str, str], terms.Words] = {
    ("units", "kind"): terms.UNIT_KINDS,
    ("posts", "kind"): terms.POSTS,
    ("posts", "owner_kind"): terms.THINGS,
    ("contacts", "channel"): terms.CHANNELS,
    ("days", "kind"): terms.DAYS,
    ("stories", "source"): terms.SOURCES,
    ("stories", "found_level"): terms.FOUND_LEVELS,
    ("negative", "effect"): checklist_terms.EFFECTS,
    ("standards", "kind"): checklist_terms.STANDARD_KINDS,
    ("standards", "check_method"): checklist_terms.CHECK_METHODS,
    ("standards", "evidence"): checklist_terms.EVIDENCE_ASKED,
}
"""The words for a column's values, by table and column."""


def table_title(name: str) -> str:
    """What a table is called; its own name where it is new here."""
    titles = {
        "areas": _("Areas"),
        "units": _("Units"),
        "persons": _("Persons"),
        "posts": _("Posts"),
        "tenures": _("Holders of posts"),
        "deputies": _("Deputies"),
        "contacts": _("Addresses"),
        "systems": _("Evaluation systems"),
        "versions": _("Editions"),
        "categories": _("Categories of points"),
        "modules": _("Modules"),
        "years": _("Years of the cycle"),
        "weights": _("Weights of categories"),
        "items": _("Evaluation items"),
        "contents": _("Evaluation contents"),
        "negative": _("Negative list"),
        "gates": _("Preconditions"),
        "counties": _("Counties that compete within it"),
        "standards": _("Standards"),
        "points": _("Points"),
        "tasks": _("Decomposition table"),
        "days": _("Days of the calendar"),
        "stories": _("Sample issues"),
    }
    return titles.get(name, name)


def column_title(name: str) -> str:
    """What a column is called; its own name where it is new here."""
    titles = {
        "code": _("Code"),
        "name": _("Name"),
        "name_en": _("Name in English"),
        "level": _("Level"),
        "parent_code": _("Lies in"),
        "managed_by": _("Run by (development zone)"),
        "valid_from": _("First day"),
        "valid_to": _("Last day"),
        "local": _("Code of our own"),
        "sample": _("Made up as an example"),
        "kind": _("Kind"),
        "area_code": _("Area"),
        "ranking_group": _("Ranked among"),
        "lang": _("Language"),
        "owner_kind": _("Belongs to a"),
        "owner_code": _("Whose"),
        "title": _("Title"),
        "post_code": _("Post"),
        "person_code": _("Person"),
        "deputy_code": _("Deputy"),
        "channel": _("Channel"),
        "address": _("Address"),
        "position": _("Order"),
        "verified": _("Verified"),
        "system_code": _("Evaluation system"),
        "version_code": _("Edition"),
        "category_code": _("Category"),
        "text": _("Wording"),
        "text_en": _("Wording in English"),
        "deduction": _("Deduction"),
        "check_method": _("How it is checked"),
        "severity": _("Severity"),
        "lead": _("Who leads"),
        "evidence": _("Evidence asked for"),
        "negative_list": _("On the negative list"),
        "lead_unit": _("Lead unit"),
        "lat": _("Latitude"),
        "lng": _("Longitude"),
        "year": _("Year"),
        "point_code": _("Point"),
        "unit_code": _("Unit"),
        "campaign": _("Campaign"),
        "date": _("Day"),
        "source": _("Source"),
        "published": _("Published by a notice"),
        "key": _("Code"),
        "standard_code": _("Standard"),
        "description": _("Problem"),
        "found_level": _("Found at level"),
        "days_ago": _("Days ago"),
        "story": _("Story"),
        "content": _("Content"),
        "basis": _("Based on"),
        "look_back_months": _("Look-back of the negative list, in months"),
        "counties_share": _("What the counties weigh in the city's score"),
        "weight": _("Weight"),
        "item_code": _("Evaluation item"),
        "content_code": _("Evaluation content"),
        "module_code": _("Module"),
        "module": _("Module"),
        "effect": _("Effect"),
        "points": _("Points each"),
        "most": _("Points at most"),
        "least": _("At least"),
        "goal": _("Title competed for"),
        "goal_en": _("Title in English"),
    }
    return titles.get(name, name)


def value(table: str, column: str, written: str) -> str:
    """A cell in the words of the field; as it is where the glossary has none."""
    words = GLOSSARIES.get((table, column))
    return terms.term(words, written, language()) if words else written


def cell(table: str, column: ColumnInfo, written: str) -> str:
    """A cell as a list shows it."""
    if column.kind is ColumnKind.YES_NO:
        return {"1": _("yes"), "0": _("no")}.get(written, "")
    return value(table, column.name, written)


def place_title(place: str) -> str:
    """A table or a file of the pack."""
    if "/" not in place and "." not in place:
        return table_title(place)
    return place


def change_word(kind: ChangeKind) -> str:
    """What became of a row."""
    return {
        ChangeKind.NEW: _("new"),
        ChangeKind.CHANGED: _("changed"),
        ChangeKind.ENDED: _("ended"),
        ChangeKind.BACK: _("back again"),
        ChangeKind.LOADED: _("loaded"),
    }[kind]


def finding(found: Finding) -> str:
    """What the lint says. The sentences are marked for translation where the shell says them (cli/lint_words.py)."""
    return _(found.template).format(**{name: _param(name, one) for name, one in found.params.items()})


def _param(name: str, one: object) -> object:
    if name == "expected":
        return expected(str(one))
    tables = {"what": terms.THINGS, "kind": terms.POSTS | terms.DAYS}
    return terms.term(tables[name], one, language()) if name in tables else one

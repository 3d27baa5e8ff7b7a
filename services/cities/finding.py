"""What the lint may say. `template` is an English sentence with {names}; the edges translate it and fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """An error keeps the pack from being loaded; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing in a pack that is wrong or odd; `row` is the line of the file, 0 where there is none."""

    code: str
    level: Level
    file: str
    row: int
    template: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.params)


ERRORS: Mapping[str, str] = {
    "duplicate_code": "“{code}” stands here a second time.",
    "unknown_code": "There is no {what} “{code}” in this pack.",
    "level_mismatch": "“{code}” is of level {level}; expected {expected}.",
    "cyclic_area": "“{code}” lies above itself.",
    "dates_reversed": "“{code}” ends on {end}, before it begins on {start}.",
    "post_code_mismatch": "“{code}” should be “{expected}”.",
    "post_out_of_place": "A {kind} does not belong to “{owner}”.",
    "area_without_unit": "“{area}” has no unit “{unit}”: what falls to it could not be assigned.",
    "unit_code_mismatch": "“{code}” should be “{expected}”: so rules find the unit of a place.",
    "point_without_unit": "The point “{code}” has no lead unit.",
    "standard_without_lead": "The standard “{code}” names nobody who leads.",
    "task_without_point": "The task names the point “{code}”, which is not in points.csv.",
    "tenure_overlap": "{person} holds “{post}” twice on the same days.",
    "self_deputy": "{person} cannot fill in for themselves.",
    "duty_officer_missing": "Nobody holds “{post}”: what reaches nobody would be seen by nobody.",
    "calendar_year_missing": "The calendar has no day of {year}.",
    "odd_day": "{date} cannot be {kind}: {expected}.",
    "bad_address": "“{value}” cannot be used as an address; expected {expected}.",
    "rules_refused": "The rules cannot be read: {why}",
    "wrong_setting": "{setting} is “{value}”; expected {expected}.",
    "unreachable_step": "Step {step} never comes: {why}.",
    "unknown_post_reference": "Step {step}: “{reference}” names no post.",
    "unknown_paper": "Step {step}: there is no paper “{paper}”.",
    "unknown_channel": "Step {step}: there is no channel “{channel}”.",
    "unknown_severity": "There is no severity “{severity}”.",
    "unknown_condition": "There is no close-out condition “{condition}”.",
    "unknown_source": "There is no source “{source}”.",
    "level_without_post": "Step {step} tells “{reference}”, and no such post is in posts.csv.",
    "unknown_template_variable": "The template uses “{variable}”, which is not given.",
    "bad_template": "The template cannot be read: {why}",
    "bad_survey": "The questionnaire cannot be used: {why}",
    "story_in_the_future": "“{code}” tells of day {days}, but was found {days_ago} days ago.",
    "wrong_category": "“{code}”: the standard {standard} is not for points of category {category}.",
    "weights_not_one": "The weights of “{version}” add up to {total}; they must add up to 1.",
    "years_not_in_order": "The {count} years of “{version}” must be 1 to {count}, each once.",
    "standard_of_two_systems": "“{code}” is a standard of “{of}” already: two systems need codes that differ.",
}
WARNINGS: Mapping[str, str] = {
    "idle_setting": "{setting} names “{code}”, which this pack does not have.",
    "unknown_setting": "Nothing reads the setting “{setting}”. Known here: {known}.",
    "level_without_contact": "Step {step} tells “{reference}”, and no holder has a verified address.",
    "calendar_year_provisional": "No notice for {year} yet: deadlines that reach into it are provisional.",
    "vacant_posts": "{count} of {total} posts are vacant; what is told to them is passed up. First: {first}.",
    "persons_without_contact": "{count} persons are reached by the inbox alone. First: {first}.",
    "unused_template": "No message is called “{name}”, so nothing uses it. Did you mean “{nearest}”?",
    "standards_without_content": "{count} standards of “{version}” stand nowhere in its tree. First: {first}.",
}


def finding(code: str, file: str, row: int = 0, /, **params: Any) -> Finding:
    """A finding with the level and the sentence of its code."""
    level = Level.ERROR if code in ERRORS else Level.WARNING
    return Finding(code, level, file, row, {**ERRORS, **WARNINGS}[code], params)

"""The sentences of the pack's lint, marked for translation. A test compares them with services/cities/finding.py."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from runtime.expectations import expected
from runtime.i18n import gettext

if TYPE_CHECKING:
    from services.cities import Finding


def _(message: str) -> str:
    """Marks a message for translation; `sentence` translates it when it is shown."""
    return message


SENTENCES: Mapping[str, str] = {
    "duplicate_code": _("“{code}” stands here a second time."),
    "unknown_code": _("There is no {what} “{code}” in this pack."),
    "level_mismatch": _("“{code}” is of level {level}; expected {expected}."),
    "cyclic_area": _("“{code}” lies above itself."),
    "dates_reversed": _("“{code}” ends on {end}, before it begins on {start}."),
    "post_code_mismatch": _("“{code}” should be “{expected}”."),
    "post_out_of_place": _("A {kind} does not belong to “{owner}”."),
    "area_without_unit": _("“{area}” has no unit “{unit}”: what falls to it could not be assigned."),
    "unit_code_mismatch": _("“{code}” should be “{expected}”: so rules find the unit of a place."),
    "point_without_unit": _("The point “{code}” has no lead unit."),
    "standard_without_lead": _("The standard “{code}” names nobody who leads."),
    "task_without_point": _("The task names the point “{code}”, which is not in points.csv."),
    "tenure_overlap": _("{person} holds “{post}” twice on the same days."),
    "self_deputy": _("{person} cannot fill in for themselves."),
    "duty_officer_missing": _("Nobody holds “{post}”: what reaches nobody would be seen by nobody."),
    "calendar_year_missing": _("The calendar has no day of {year}."),
    "odd_day": _("{date} cannot be {kind}: {expected}."),
    "bad_address": _("“{value}” cannot be used as an address; expected {expected}."),
    "rules_refused": _("The rules cannot be read: {why}"),
    "wrong_setting": _("{setting} is “{value}”; expected {expected}."),
    "unreachable_step": _("Step {step} never comes: {why}."),
    "unknown_post_reference": _("Step {step}: “{reference}” names no post."),
    "unknown_paper": _("Step {step}: there is no paper “{paper}”."),
    "unknown_channel": _("Step {step}: there is no channel “{channel}”."),
    "unknown_severity": _("There is no severity “{severity}”."),
    "unknown_condition": _("There is no close-out condition “{condition}”."),
    "unknown_source": _("There is no source “{source}”."),
    "level_without_post": _("Step {step} tells “{reference}”, and no such post is in posts.csv."),
    "unknown_template_variable": _("The template uses “{variable}”, which is not given."),
    "bad_template": _("The template cannot be read: {why}"),
    "bad_survey": _("The questionnaire cannot be used: {why}"),
    "story_in_the_future": _("“{code}” tells of day {days}, but was found {days_ago} days ago."),
    "wrong_category": _("“{code}”: the standard {standard} is not for points of category {category}."),
    "weights_not_one": _("The weights of “{version}” add up to {total}; they must add up to 1."),
    "years_not_in_order": _("The {count} years of “{version}” must be 1 to {count}, each once."),
    "standard_of_two_systems": _("“{code}” is a standard of “{of}” already: two systems need codes that differ."),
    "idle_setting": _("{setting} names “{code}”, which this pack does not have."),
    "unknown_setting": _("Nothing reads the setting “{setting}”. Known here: {known}."),
    "level_without_contact": _("Step {step} tells “{reference}”, and no holder has a verified address."),
    "calendar_year_provisional": _("No notice for {year} yet: deadlines that reach into it are provisional."),
    "vacant_posts": _("{count} of {total} posts are vacant; what is told to them is passed up. First: {first}."),
    "persons_without_contact": _("{count} persons are reached by the inbox alone. First: {first}."),
    "unused_template": _("No message is called “{name}”, so nothing uses it. Did you mean “{nearest}”?"),
    "standards_without_content": _("{count} standards of “{version}” stand nowhere in its tree. First: {first}."),
}


def sentence(finding: "Finding") -> str:
    """What was found, in the language in use."""
    params = {name: expected(str(value)) if name == "expected" else value for name, value in finding.params.items()}
    return gettext(SENTENCES.get(finding.code, finding.template)).format(**params)

"""How issues are found: by whose they are, where they lie, and what falls due, each in the order that is read."""

from collections.abc import Sequence

from sqlalchemy import Index
from sqlalchemy import text as sql

ON_BOARDS = ["lead_unit", "state", "severity", "step", "due_at", "stage_due_at", "next_step_at", "id"]
ON_PAGES = ["handler", "point_code", "lat", "lng", "steps_taken"]
ON_DESKS = ["steps_taken", "state", "step", "due_at", "stage_due_at", "area_path", "lead_unit", "rule_set_code"]
BY_PREFIX = {"area_path": "text_pattern_ops"}
HIGH = "(steps_taken & 448) > 0"  # E6 and above
ASSISTED = "assisting_units <> '{}'::text[]"
TO_LOOK_BACK = "state = 'closed' AND stage_due_at IS NOT NULL"
GOES_ON = "state NOT IN ('closed', 'void')"


def indexes() -> Sequence[Index]:
    """Those of the issue table. What ends in `where` holds only what such a question is about."""
    return (
        Index("issue_due", "state", "next_step_at", postgresql_where=sql("next_step_at IS NOT NULL")),
        Index("issue_by_unit", "lead_unit", "id", postgresql_include=["state"]),
        Index("issue_by_point", "point_code", "standard_code"),
        Index("issue_by_area", "area_path", postgresql_ops=BY_PREFIX, postgresql_include=["id"]),
        Index(
            "issue_open",
            "area_path",
            postgresql_ops=BY_PREFIX,
            postgresql_include=[*ON_BOARDS, *ON_PAGES],
            postgresql_where=sql(GOES_ON),
        ),
        Index(
            "issue_closed",
            "closed_at",
            postgresql_include=["area_path", "lead_unit"],
            postgresql_where=sql("closed_at IS NOT NULL"),
        ),
        Index("issue_open_newest", "id", postgresql_where=sql(GOES_ON)),
        Index("issue_open_by_place", "lat", "lng", postgresql_where=sql(GOES_ON)),
        Index(
            "issue_at_work",
            *("lead_unit", "state", "due_at", "id"),
            postgresql_include=["sign_in_due_at"],
            postgresql_where=sql(GOES_ON),
        ),
        Index(
            "issue_in_stage",
            *("state", "stage_due_at", "id"),
            postgresql_include=["steps_taken", "area_path"],
            postgresql_where=sql("state IN ('rectified', 'verified')"),
        ),
        Index("issue_climbed_open", "id", postgresql_include=ON_DESKS, postgresql_where=sql(f"{GOES_ON} AND {HIGH}")),
        Index("issue_climbed", "id", postgresql_include=["steps_taken"], postgresql_where=sql(HIGH)),
        Index("issue_to_look_back", "stage_due_at", postgresql_where=sql(TO_LOOK_BACK)),
        Index("issue_leader_assigned", "id", postgresql_where=sql("leader_assigned")),
        Index("issue_set_aside", "id", postgresql_where=sql("set_aside > 0")),
        Index("issue_assisted", "assisting_units", postgresql_using="gin", postgresql_where=sql(ASSISTED)),
    )

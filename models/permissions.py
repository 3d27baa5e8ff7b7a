"""Who may do what that is no action on an issue (those are in models/lifecycle.py). Deny unless a line here says so.

A right comes with a post and holds in the scope of that post: its unit, its area with all below, its point. One table
for pages, API and shell; docs/reference/permissions.md is made from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.errors import ActionNotAllowed
from models.lifecycle import Role
from models.rights import ROLES_OF, Actor, HeldPost
from models.unit import OwnerKind, PostKind


class Right(StrEnum):
    """What somebody may be allowed to do, besides the actions on one issue."""

    SEE = "see"
    REPORT = "report"
    CLASSIFY = "classify"
    EXPORT = "export"
    SEE_BOARDS = "see_boards"
    SEE_AUDITS = "see_audits"
    START_AUDIT = "start_audit"
    RECORD_SHEET = "record_sheet"
    RECORD_FOR_OTHERS = "record_for_others"
    REDACT = "redact"
    JUDGE_EVIDENCE = "judge_evidence"
    PRINT_SIGNS = "print_signs"
    APPOINT = "appoint"
    IMPORT_NOTICE = "import_notice"
    MANAGE_CITY = "manage_city"
    MANAGE_CONTACTS = "manage_contacts"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_HOOKS = "manage_hooks"
    OPERATE_OUTBOX = "operate_outbox"
    PREPARE_PUBLICATION = "prepare_publication"
    APPROVE_PUBLICATION = "approve_publication"
    RECORD_INCIDENT = "record_incident"
    ISSUE_TASK_LETTER = "issue_task_letter"
    SIGN_TASK_LETTER = "sign_task_letter"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    RUN_SURVEYS = "run_surveys"
    SEE_SURVEYS = "see_surveys"
    MANAGE_FILING = "manage_filing"
    SEE_FILING = "see_filing"
    FILE_MATERIAL = "file_material"
    REVIEW_FILING = "review_filing"
    SEE_ACCOUNTABILITY = "see_accountability"
    DECIDE_ACCOUNTABILITY = "decide_accountability"
    SECOND_PROPOSAL = "second_proposal"
    PROPOSE_MEASURE = "propose_measure"
    KEEP_INSTRUCTIONS = "keep_instructions"
    RECORD_PATROL = "record_patrol"


@dataclass(frozen=True)
class Permission:
    """Which roles give a right; `city_only`: through a post of the city itself alone.

    `areas_only`: through the posts of areas. `without`: posts that give such a role, yet not this right.
    """

    who: frozenset[Role]
    city_only: bool = False
    areas_only: bool = False
    without: frozenset[PostKind] = frozenset()

    def comes_with(self, post: HeldPost, *, city: str) -> bool:
        """Whether a post gives the right. `city` is the code of the whole city's area."""
        if self.city_only and post.owner_code != city:
            return False
        if self.areas_only and post.owner_kind is not OwnerKind.AREA:
            return False
        return post.kind not in self.without and bool(ROLES_OF[post.kind] & self.who)


_ALL = frozenset(Role) - {Role.SYSTEM, Role.REPORTER, Role.ASSISTANT}
_OFFICES = frozenset({Role.DISPATCHER, Role.ADMINISTRATOR})
_DESKS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER, Role.ADMINISTRATOR})

PERMISSIONS: Mapping[Right, Permission] = {
    Right.SEE: Permission(_ALL),
    Right.REPORT: Permission(_ALL),
    Right.CLASSIFY: Permission(frozenset({Role.DISPATCHER})),
    Right.EXPORT: Permission(_DESKS | {Role.UNIT_LEADER, Role.VERIFIER}),
    Right.SEE_BOARDS: Permission(_ALL - {Role.HANDLER}),
    Right.SEE_AUDITS: Permission(_DESKS | {Role.INSPECTOR}),
    Right.START_AUDIT: Permission(frozenset({Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR}), areas_only=True),
    Right.RECORD_SHEET: Permission(frozenset({Role.INSPECTOR, Role.DISPATCHER})),
    Right.RECORD_FOR_OTHERS: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.REDACT: Permission(_OFFICES | {Role.SUPERVISOR}),
    Right.JUDGE_EVIDENCE: Permission(frozenset({Role.VERIFIER, Role.DISPATCHER, Role.SUPERVISOR})),
    Right.PRINT_SIGNS: Permission(_OFFICES, areas_only=True),
    Right.APPOINT: Permission(_OFFICES, areas_only=True),
    Right.IMPORT_NOTICE: Permission(_OFFICES, city_only=True),
    Right.MANAGE_CITY: Permission(_OFFICES, city_only=True),
    Right.MANAGE_CONTACTS: Permission(frozenset({Role.ADMINISTRATOR}), city_only=True),
    Right.MANAGE_ACCOUNTS: Permission(frozenset({Role.ADMINISTRATOR}), city_only=True),
    Right.MANAGE_HOOKS: Permission(frozenset({Role.ADMINISTRATOR}), city_only=True),
    Right.OPERATE_OUTBOX: Permission(
        _OFFICES | {Role.SUPERVISOR}, city_only=True, without=frozenset({PostKind.HEADQUARTERS})
    ),
    Right.PREPARE_PUBLICATION: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.ISSUE_TASK_LETTER: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.SIGN_TASK_LETTER: Permission(frozenset({Role.UNIT_LEADER})),
    Right.APPROVE_PUBLICATION: Permission(
        frozenset({Role.SUPERVISOR, Role.LEADER}), areas_only=True, without=frozenset({PostKind.DUTY_OFFICER})
    ),
    Right.RECORD_INCIDENT: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.APPEAL: Permission(frozenset({Role.UNIT_LEADER})),
    Right.DECIDE_APPEAL: Permission(
        frozenset({Role.SUPERVISOR}), areas_only=True, without=frozenset({PostKind.DUTY_OFFICER})
    ),
    Right.RUN_SURVEYS: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.SEE_SURVEYS: Permission(_DESKS, areas_only=True),
    Right.MANAGE_FILING: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.SEE_FILING: Permission(_DESKS | {Role.HANDLER, Role.UNIT_LEADER, Role.VERIFIER}),
    Right.FILE_MATERIAL: Permission(frozenset({Role.HANDLER, Role.UNIT_LEADER})),
    Right.REVIEW_FILING: Permission(frozenset({Role.VERIFIER}), areas_only=True),
    Right.SEE_ACCOUNTABILITY: Permission(_DESKS - {Role.ADMINISTRATOR} | {Role.HANDLER, Role.UNIT_LEADER}),
    Right.DECIDE_ACCOUNTABILITY: Permission(
        frozenset({Role.SUPERVISOR}), areas_only=True, without=frozenset({PostKind.DUTY_OFFICER})
    ),
    Right.SECOND_PROPOSAL: Permission(frozenset({Role.LEADER}), city_only=True),
    Right.PROPOSE_MEASURE: Permission(
        frozenset({Role.DISPATCHER, Role.SUPERVISOR}), areas_only=True, without=frozenset({PostKind.DUTY_OFFICER})
    ),
    Right.KEEP_INSTRUCTIONS: Permission(frozenset({Role.DISPATCHER}), areas_only=True),
    Right.RECORD_PATROL: Permission(
        frozenset({Role.INSPECTOR}), areas_only=True, without=frozenset({PostKind.INSPECTOR})
    ),
}


@dataclass(frozen=True)
class Held:
    """Where somebody has a right: areas with all below them, units, points. Any of them is enough."""

    areas: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.areas or self.units or self.points)

    def covers(self, *, area_path: str = "", unit: str | None = None, point: str | None = None) -> bool:
        """Whether a place, a unit or a point lies in it. `area_path` is the area's codes from the city down."""
        return bool(self.areas & set(area_path.split("/"))) or unit in self.units or point in self.points


def held(actor: Actor, right: Right, *, city: str) -> Held:
    """Where the actor has the right today; false when nowhere. `city` is the code of the whole city's area."""
    posts = list(_giving(actor, right, city))
    return Held(
        areas=_of(posts, OwnerKind.AREA),
        units=_of(posts, OwnerKind.UNIT),
        points=_of(posts, OwnerKind.POINT),
    )


def must_hold(actor: Actor, right: Right, *, city: str, area_path: str | None = None, unit: str | None = None) -> Held:
    """Where the actor has the right. Raises ActionNotAllowed where it is nowhere, or not at the place asked about."""
    found = held(actor, right, city=city)
    placed = area_path is not None or unit is not None
    if not found or (placed and not found.covers(area_path=area_path or "", unit=unit)):
        raise ActionNotAllowed(action=right, who=", ".join(sorted(PERMISSIONS[right].who)))
    return found


def _giving(actor: Actor, right: Right, city: str) -> Iterator[HeldPost]:
    return (post for post in actor.all_posts if PERMISSIONS[right].comes_with(post, city=city))


def _of(posts: list[HeldPost], kind: OwnerKind) -> frozenset[str]:
    return frozenset(post.owner_code for post in posts if post.owner_kind is kind)

"""The reference pages that are made from the rules themselves, so that they cannot say anything else."""

from collections.abc import Iterable
from pathlib import Path

from models import terms
from models.lifecycle import LIFECYCLE, Role, State, Transition
from models.permissions import PERMISSIONS, Permission, Right
from models.rights import ROLES_OF
from models.terms import term

HEAD = "<!-- Made from the code by `make docs`; a test fails when it is stale. -->\n"


def lifecycle_page() -> str:
    """docs/reference/lifecycle.md: who may do what from which state, and which posts give which role."""
    parts = [HEAD, "# The life of an issue\n", _actions(), "\n## Roles\n", _roles()]
    return "\n".join(parts)


def _actions() -> str:
    head = "| Action | 中文 | From | To | Who may | Must be supplied |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(_action(line) for line in LIFECYCLE)])


def _action(line: Transition) -> str:
    come_from = ", ".join(state for state in State if state in line.come_from) or "(new)"
    to = line.to or ("any" if not line.come_from else "(stays)")
    who = ", ".join(role for role in Role if role in line.who)
    cells = (line.action, term(terms.ACTIONS, line.action, "zh-CN"), come_from, to, who, ", ".join(sorted(line.needs)))
    return "| " + " | ".join(cells) + " |"


def _roles() -> str:
    head = "| Post | 中文 | Role on the issues in its scope |\n|---|---|---|"
    rows = (
        f"| {kind} | {term(terms.POSTS, kind, 'zh-CN')} | {', '.join(sorted(roles))} |"
        for kind, roles in ROLES_OF.items()
    )
    scope = (
        "\nThe scope of a unit's post are the issues that the unit leads; of an area's post, the issues anywhere below "
        "the area; of a point's post, the issues at the point. Whoever found an issue is its reporter. People of an "
        "assisting unit are `assistant`. Whoever handled an issue, handed in its proof, or belongs to its unit never "
        "verifies it, whatever posts they hold.\n"
    )
    return "\n".join([head, *rows, scope])


def permissions_page() -> str:
    """docs/reference/permissions.md: who may do what where. The rest of a page's rights is on the lifecycle page."""
    parts = [HEAD, "# Who may do what\n", MEANS, _rights(), "\n## Actions on one issue\n", ON_ISSUES, _by_role()]
    return "\n".join([*parts, "\n## How posts give roles\n", _roles()])


MEANS = """One table decides for pages, API and shell (`models/permissions.py`, `models/lifecycle.py`); what no line
gives is refused. Rights come with posts: a role is held where the post is.

- **●** in the scope of the post: its area with all below it, its unit, its point.
- **area** in the scope of a post of an area alone.
- **city** through a post of the city itself alone, and then everywhere.
- **–** never.

What somebody may not see is answered like what is not there. In the shell, `--as` says who acts: whoever has the shell
has the database, so it is a tool for operators, and the same table decides for whom it names. Whoever holds no post
today has no right at all, and no session.
"""
ON_ISSUES = """A role counts on the issues in the scope of its post; a reporter is whoever found the issue, an assistant
belongs to a unit that assists with it, and both see it. A handler never verifies their own work, whatever posts they
hold.
"""
_PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)


def _matrix(first: str, rows: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    titles = (f"{role}<br>{term(terms.ROLES, role, 'zh-CN')}" for role in _PEOPLE)
    head = f"| {first} | 中文 | {' | '.join(titles)} |\n|---|---|{':-:|' * len(_PEOPLE)}"
    return "\n".join([head, *(f"| {name} | {chinese} | {' | '.join(cells)} |" for name, chinese, cells in rows)])


def _rights() -> str:
    rows = [
        (right.value, term(terms.RIGHTS, right, "zh-CN"), [_cell(PERMISSIONS[right], role) for role in _PEOPLE])
        for right in Right
    ]
    notes = [
        f"- `{right}`: not through the post {', '.join(f'`{kind}`' for kind in sorted(PERMISSIONS[right].without))}."
        for right in Right
        if PERMISSIONS[right].without
    ]
    return "\n".join([_matrix("Right", rows), "", *notes])


def _cell(permission: Permission, role: Role) -> str:
    if role not in permission.who:
        return "–"
    if permission.city_only:
        return "city"
    return "area" if permission.areas_only else "●"


def _by_role() -> str:
    rows = [
        (
            line.action.value,
            term(terms.ACTIONS, line.action, "zh-CN"),
            ["●" if role in line.who else "–" for role in _PEOPLE],
        )
        for line in LIFECYCLE
        if line.who != {Role.SYSTEM}
    ]
    return _matrix("Action", rows)


def write() -> None:
    """Write every page anew, beside the code that it is made from."""
    folder = Path(__file__).resolve().parent.parent / "docs" / "reference"
    (folder / "lifecycle.md").write_text(lifecycle_page(), "utf-8")
    (folder / "permissions.md").write_text(permissions_page(), "utf-8")

"""The reference pages that are made from the rules themselves, so that they cannot say anything else."""

from pathlib import Path

from models import terms
from models.lifecycle import LIFECYCLE, Role, State, Transition
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


def write() -> None:
    """Write every page anew, beside the code that it is made from."""
    folder = Path(__file__).resolve().parent.parent / "docs" / "reference"
    (folder / "lifecycle.md").write_text(lifecycle_page(), "utf-8")

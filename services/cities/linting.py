"""The lint of a city pack: what would make it fail, or fall silent, once it runs."""

from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from models.errors import BadRow, BadRows
from services.cities.finding import Finding, Level
from services.cities.lint_codes import lint_codes, lint_years
from services.cities.lint_papers import lint_papers
from services.cities.lint_posts import lint_posts
from services.cities.lint_rules import lint_rules
from services.cities.lint_scoring import lint_scoring
from services.cities.lint_surveys import lint_surveys
from services.cities.lint_systems import lint_systems
from services.cities.lint_tasks import lint_tasks
from services.cities.lint_templates import lint_templates
from services.cities.pack import Pack


def lint(pack: Pack, *, now: datetime) -> list[Finding]:
    """Everything wrong or odd, errors first, then by file and line. Source: design 9."""
    today = now.astimezone(ZoneInfo(pack.city.timezone)).date()
    found = chain(
        lint_codes(pack),
        lint_systems(pack),
        lint_posts(pack, today),
        lint_years(pack, today),
        lint_rules(pack, today),
        lint_scoring(pack),
        lint_templates(pack),
        lint_papers(pack),
        lint_surveys(pack),
        lint_tasks(pack),
    )
    return sorted(found, key=lambda one: (one.level is not Level.ERROR, one.file, one.row, one.code))


def refuse_errors(pack: Pack, *, now: datetime) -> None:
    """Raises BadRows with every error of the lint; warnings pass."""
    errors = [one for one in lint(pack, now=now) if one.level is Level.ERROR]
    if errors:
        rows = [BadRow(one.file, one.row, one.code, _value(one), one.message) for one in errors]
        raise BadRows(file=pack.folder.name, rows=rows)


def _value(one: Finding) -> str:
    return str(next(iter(one.params.values()), ""))

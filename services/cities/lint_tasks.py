"""What a city says about its tasks (tasks.toml): readable, and of categories and standards that it has."""

from collections.abc import Iterator

from models.errors import BadInput
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.tasks.settings import FILE, Tag, read_settings
from services.tasks.tagging import named


def lint_tasks(pack: Pack) -> Iterator[Finding]:
    """The optional file, and campaigns of the table that are no tag of it."""
    if FILE not in pack.files:
        return
    try:
        settings = read_settings(pack.files[FILE])
    except BadInput as error:
        yield finding("rules_refused", FILE, why=str(error))
        return
    yield from _of_checklist(pack, list(settings.tags.values()))
    known = {word for tag in settings.tags.values() for word in (tag.code, tag.name)}
    campaigns = {name: row.row for row in reversed(pack.tasks) for name in named(row.campaign)}
    for name, row in sorted(campaigns.items(), key=lambda pair: pair[1]):
        if known and name not in known:
            yield finding("idle_setting", "tasks.csv", row, setting="campaign", code=name)


def _of_checklist(pack: Pack, tags: list[Tag]) -> Iterator[Finding]:
    categories, standards = {row.code for row in pack.categories}, {row.code for row in pack.standards}
    for tag in tags:
        for code in (*_unknown(tag.categories, categories), *_unknown(tag.standards, standards)):
            yield finding("idle_setting", FILE, setting=tag.name, code=code)


def _unknown(codes: tuple[str, ...], known: set[str]) -> Iterator[str]:
    return (code for code in codes if code not in known)

"""`python -m runtime.translations [--update]`: is every message of the code translated?

Messages are the arguments of `_`, `gettext` and `ngettext` in the edges, and the templates of all errors. Complaints:
not translated, no longer in the code, other {places} than the English has. `--update` writes what is missing.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from runtime.i18n import PO_FILE, forms, key, read_catalog
from runtime.settings import PROJECT

EDGES = ("cli", "web", "flows", "deployments", "runtime")
PACKAGES = ("models", "services", "notifications", *EDGES)
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.jinja", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": DEFAULT_KEYWORDS["gettext"], "ngettext": DEFAULT_KEYWORDS["ngettext"]}

MessageId = str | tuple[str, ...]


def messages_of_code(project: Path = PROJECT) -> dict[str, MessageId]:
    """All messages of the code by their English text (the singular, when there are two)."""
    found = {key(message): message for edge in EDGES for message in _extracted(project / edge)}
    return found | {text: text for package in PACKAGES for text in _templates(project / package)}


def complaints(catalog: Catalog, *, wanted: Iterable[str]) -> list[str]:
    """What is wrong with the catalogue, one line each; empty when all is well."""
    wanted = set(wanted)
    have = {key(message.id): message for message in catalog if message.id}
    written = {text for text, message in have.items() if all(forms(message.string)) and not message.fuzzy}
    differing = [text for text, message in have.items() if _differ(message.id, message.string)]
    return [
        *(f"not translated: {text!r}" for text in sorted(wanted - written)),
        *(f"no longer in the code: {text!r}" for text in sorted(have.keys() - wanted)),
        *(f"other places than the English: {text!r}" for text in sorted(differing)),
    ]


def update(path: Path, *, wanted: dict[str, MessageId]) -> None:
    """Add what is missing (with an empty translation) and drop what is stale; what is there stays as written."""
    old = {key(message.id): message for message in read_catalog(path) if message.id} if path.exists() else {}
    fresh = Catalog(locale="zh_CN", project="Duban", fuzzy=False, header_comment="# Chinese messages of Duban.")
    for text, message_id in sorted(wanted.items()):
        fresh.add(message_id, string=old[text].string if text in old else None)
    with path.open("wb") as file:
        write_po(file, fresh, width=110, omit_header=True)  # its dates would be noise in every diff


def main(arguments: list[str] | None = None) -> int:
    """0 when every message is translated, else 1 with the complaints on stderr."""
    parser = argparse.ArgumentParser(prog="python -m runtime.translations", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write missing messages into the .po file")
    wanted = messages_of_code()
    if parser.parse_args(arguments).update:
        update(PO_FILE, wanted=wanted)
    found = complaints(read_catalog(PO_FILE), wanted=wanted)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _extracted(folder: Path) -> Iterator[MessageId]:
    for _file, _line, message, _comments, _context in extract_from_dir(str(folder), METHODS, keywords=KEYWORDS):
        yield message


def _templates(folder: Path) -> Iterator[str]:
    """The `template` of every class: only errors have one, wherever they are defined."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield from (found for line in node.body if (found := _template(line)) is not None)


def _template(line: ast.stmt) -> str | None:
    targets = line.targets if isinstance(line, ast.Assign) else [line.target] if isinstance(line, ast.AnnAssign) else []
    named = any(isinstance(target, ast.Name) and target.id == "template" for target in targets)
    value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
    return value.value if named and isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _differ(message_id: object, translated: object) -> bool:
    """The places {so} of a translation must be those of the English."""
    english = " ".join(forms(message_id))
    return any(text and _places(text) != _places(english) for text in forms(translated))


def _places(text: str) -> set[str]:
    found = re.findall(r"\{(\w*)[^{}]*\}|%\((\w+)\)s", text)
    return {braces or percent for braces, percent in found}


if __name__ == "__main__":
    sys.exit(main())

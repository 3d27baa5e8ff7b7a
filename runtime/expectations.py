"""What was expected, in the reader's language.

Readers of files and rules say in English what they expected; some of it holds a value. The whole sentence is looked up
first, then the templates below: one that fits is translated and gets its values back, themselves looked up. A test
reads the sources, so that none is forgotten.
"""

import re
from functools import cache

from runtime.expectation_rules import OF_RULES, PAIRS
from runtime.expectation_words import OF_FILES
from runtime.i18n import gettext, language

TEMPLATES = OF_FILES + OF_RULES

_PLACE = re.compile(r"\\\{(\w+)\\\}")


def expected(written: str) -> str:
    """What was expected, in the language in use; as it is where no template fits."""
    said = gettext(written)
    if said != written or language() == "en":
        return said
    for template in (*TEMPLATES, *PAIRS):
        if found := _pattern(template).fullmatch(written):
            return gettext(template).format(**{name: expected(value) for name, value in found.groupdict().items()})
    return written


@cache
def _pattern(template: str) -> re.Pattern[str]:
    value = r"\S+" if template in PAIRS else ".*?"
    return re.compile(_PLACE.sub(lambda place: f"(?P<{place[1]}>{value})", re.escape(template)), re.DOTALL)

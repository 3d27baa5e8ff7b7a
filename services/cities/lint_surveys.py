"""The city's questionnaires (surveys/*.toml): each can be asked."""

from collections.abc import Iterator

from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.surveys.forms import ENDING, FOLDER, BadForm, form_files, parse_form, read_form


def lint_surveys(pack: Pack) -> Iterator[Finding]:
    """The pack's optional folder `surveys`. Whether answers count is looked at when a survey begins."""
    for name, body in form_files(pack.files):
        try:
            parse_form(read_form(body))
        except BadForm as error:
            yield finding("bad_survey", f"{FOLDER}{name}{ENDING}", why=str(error))

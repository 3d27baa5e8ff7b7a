"""What was expected, in the reader's language.

Readers of files and rules say in English what they expected; some of it holds a value. The whole sentence is looked up
first, then the templates below: one that fits is translated and gets its values back, themselves looked up. A test
reads the sources, so that none is forgotten.
"""

import re
from functools import cache

from runtime.i18n import gettext, language


def _(message: str) -> str:
    """Marks a message for translation; it is translated when it is shown."""
    return message


TEMPLATES: tuple[str, ...] = (
    # in a cell of a workbook
    _("a date and time such as 2026-11-20 09:30"),
    _("a limit such as 3工作日 or 24 natural_hours"),
    _("a value; the formula in this cell fails or was never worked out"),
    _("it is protected by a password; save it without one"),
    _("it is an old .xls file; open it in Excel and save it as .xlsx"),
    _("it is a binary workbook (.xlsb); open it in Excel and save it as .xlsx"),
    _("it is an OpenDocument table (.ods); save it as .xlsx"),
    _("it is a text file such as CSV, not a workbook; open it in Excel and save it as .xlsx"),
    _("the table is on the hidden sheet “{name}”; show that sheet first"),
    _("it has more than {n} columns"),
    _("one sheet with such a table; move the others to files of their own"),
    _("one that was not here when the file was read; import the file again"),
    _("a code as text; Excel has made a date of it"),
    _("a whole number, 0 or more"),
    _("a number"),
    _("a number from {low} to {high}"),
    _("a deduction from 0 to 100"),
    _("a year such as 2026"),
    _("one of: {words}"),
    _("the code or the name of {what} that exists, a name only where it is unique"),
    _("the code of {what} that exists"),
    _("a person"),
    _("a unit"),
    _("a point"),
    _("an area"),
    _("a category"),
    _("nothing"),
    # of signs
    _("an area, or points by their codes"),
    _("one of yours with open points of this category"),
    # of a webhook
    _("an address that is not of the inside, or one of DUBAN_WEBHOOK_NETWORKS"),
    _("a name that no other webhook has"),
    # of a contact
    _("a contact of the same person"),
    _("each once, of {known}"),
    _("at most 12 hours"),
    _("a time such as 21:30"),
    _("a phone number such as 19900000001"),
    _("a mail address such as name@example.org"),
    _("a robot's URL: {words}"),
    # of a URL as an address
    _("a URL"),
    _("a URL that Apprise knows"),
    _("a phone number in the path, or to="),
    _("form= one of {words}"),
    _("only one of json=, form= and query="),
    _("places such as {phone} and {text}, not {words}"),
    _("json= with a JSON document"),
    _("encoding= with a known encoding"),
    _("templates {names}, not {words}"),
    _("endpoint= with https://"),
    _("endpoint= with a scheme, a host and perhaps a port, no more"),
    # in a row of a workbook
    _("at most {n} characters"),
    _("at most what was asked for, {asked}"),
    _("a day of {year}: a notice is for one year"),
    _("at most {n} characters of text"),
    _("a standard's code such as 12-03, with its version before it where it is not the newest"),
    _("the SHA-256 of each photo, one a line, or nothing"),
    _("a step of the ladder: {steps}"),
    _("a description of the problem"),
    _("the code of a standard that exists, such as 12-03"),
    _("{category}, the category of standard {standard}"),
    _("the code of an area, or a point"),
    _("an area on the branch of point {point}: {area}"),
    _("how it was found, such as 暗访"),
    _("a state, since the row has a number"),
    _("a value while the state is {state}"),
    _("{state} or nothing; any other state needs a number"),
    _("nothing: a row without a number is a new finding"),
    _("a time that is not in the future"),
    _("not before {what} {when}"),
    _("each issue once; it stands in row {row} already"),
    _("{value}, as on record: an import does not change an issue that is here"),
    _("the unit that the supervision orders went to"),
    _("document numbers that no other issue has"),
    _("a value in every row"),
    _("nothing, or a point's code in the same row"),
    _("a code of letters, digits, . _ and -, not that of an area or a unit"),
    _("a value, since this point is new"),
    _("each point once per year and category; it stands in row {row} already"),
    _("the same as in row {row}: {value}"),
    _("this column"),
    _("each column once"),
    _("an audit that exists, or a person who imports"),
    # in a file as a whole
    _("an Excel workbook (.xlsx)"),
    _("it is damaged ({kind})"),
    _("no sheet has these headings in its first {n} rows: {names}"),
    _("it is protected by a password, or an old .xls file; save it as .xlsx without one"),
    _("it is empty"),
    _("it is not a workbook, whatever its name says"),
    _("it cannot be opened"),
    _("it unpacks to {size} MB; at most {most} MB are read"),
    _("it has more than {n} rows"),
    _("a file of the pack"),
    _("a notice"),
    _("line {n}: not an object"),
    _("line {n}: {why}"),
    _("'{codec}' codec can't decode byte {byte} in position {n}: {why}"),
    _("'{codec}' codec can't decode bytes in position {n}: {why}"),
    _("invalid start byte"),
    _("invalid continuation byte"),
    _("unexpected end of data"),
    _("{n} to {most} lines of text are expected"),
    _("No such file or directory"),
    _("Is a directory"),
    _("Not a directory"),
    _("Permission denied"),
    _("No space left on device"),
    _("Read-only file system"),
    _("Disk quota exceeded"),
    _("File too large"),
    _("Input/output error"),
    # in a city pack
    _("some text"),
    _("a whole number"),
    _("a number, 0 or more"),
    _("1 or 0"),
    _("a day such as 2026-11-22"),
    _("a story such as “assign@0.1 sign_in@0.3”, its days rising; see cities/README.md"),
    _("one of the columns {names}"),
    _("a column “{name}”"),
    _("{n} cells, not {m}"),
    _("no such setting"),
    _("a value"),
    _("such as Asia/Shanghai"),
    _("{year} and {n} only"),
    _('working hours in order, such as [["09:00", "12:00"], ["13:00", "17:00"]]'),
    _("working hours in order, without overlap"),
    _("{city}: one database serves one city"),
    # in an edit of the city
    _("the same as before: it names the row. End this row and add another"),
    _("rows that stay: the record points at them"),
    _("a row that is not there yet; look for this one and change it"),
    _("this file: the city cannot do without it"),
    _("at most {n} bytes"),
    _("{value}: a city that runs stays what it is"),
    _("a row that can be ended"),
    _("edits"),
    _("somebody who holds the post"),
    _("a city pack as a ZIP archive"),
    _("a CSV file or an Excel workbook"),
    _("no file of a city pack is in it"),
    _("“{file}” is no file of a city pack"),
    _("“{file}” is not as large as it says"),
    _("{n} files; at most {most} are read"),
    _("a file stands in it twice"),
    _("“{file}” is no path inside a pack"),
    _("it is not there"),
    _("more than {n} MB"),
    # in the rules of scoring and in what is scored
    _("each row once"),
    _("0 ≤ failed checks ≤ checks"),
    _("a whole number from {low} to {high}"),
    _("a list of numbers from {low} to {high}"),
    _("a list of some of: {words}"),
    _("a text that is not empty"),
    _("a table"),
    _("a list of tables"),
    _("weights that add up to 1"),
    _("shares from 0 to 1, the best of them 1"),
    _("at least one question"),
    _("at least one composition"),
    _("at least one weight"),
    _("at least one figure"),
    _("each code once"),
    _("each figure once"),
    _("each number once"),
    _("its name: zh and en"),
    _("more than “lowest”"),
    _("found ≤ late ≤ repeated"),
    _("a threshold, or how many of each group"),
    _("at most “red.at_least”: nobody is on both lists"),
    _("one category for each point"),
    # on a paper
    _("another form than {form}, that of supervision orders"),
    _("a Word template"),
    _("a template of a page"),
    # in a notice and in the results of an audit
    _("each day once"),
    _("at least one day"),
    _("holiday or workday: it is no weekend day"),
    _("it is no weekend day"),
    _("holiday or make_up says so"),
    _("holiday, make_up or weekend"),
    _("a year whose notice the holidays package knows"),
    _("at least one row"),
    _("once per sheet; see row {row}"),
    _("a sheet of this round and inspector"),
    _("{field}: “{value}” is not usable; expected {expected}."),
    _("as recorded before: {result}"),
    # on a page
    _("at most {n}"),
    _("at most {n} characters"),
    _("a photo"),
    _("a code"),
    _("rectangles inside the picture"),
    _("16–64 letters, digits, - and _"),
    _("west, south, east, north"),
    # in a command
    _("such as “3 working_days” or “24 natural_hours”"),
    _("a number from 0 to {most}"),
    _("an area with open points of these categories: {area}"),
    _("somebody who holds a post today"),
    _("a key that no other audit has used"),
    _("a key that no other sweep has used"),
    _("a kind that is drawn; a sweep starts from its issue"),
    _("inspectors: nobody holds a post of this unit"),
    _("a standard of category {category}"),
    _("another issue that is not void"),
    _("another issue"),
    _("an issue that is still open"),
    _("text without control characters"),
    _("known fields"),
    _("degrees"),
    _("0 ≤ found ≤ checked"),
    _("more than nothing"),
    _("64 hexadecimal digits"),
    _("{day} or later"),
    _("somebody else, first day ≤ last day"),
    _("a day that has come"),
    # by the library that reads the command line
    _("Input should be greater than or equal to {n}"),
    _("Input should be less than or equal to {n}"),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("Value error, '{value}' is not one of {choices}."),
    _("Got unexpected extra argument(s) ({words})"),
    _("Input should be {choices}"),
)
PAIRS: tuple[str, ...] = (_("{low} to {high}"), _("{yes} or {no}"))
"""Two values without blanks: else they would fit any sentence."""
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

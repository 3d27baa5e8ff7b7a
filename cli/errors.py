"""What only the command line can refuse.

DubanError
├── BadInput
│   ├── NobodyActs    neither --as nor DUBAN_ACTOR says who acts
│   ├── MissingFile   a file that was named is not there
│   ├── NotAPhoto     a file that is neither a photo, a video nor a paper
│   ├── NotWritable   a file that cannot be written
│   ├── NotAnAssignment  something without a = where a column is to get a value
│   └── NothingToWrite  neither --word nor --page names a file
└── NotReady
    ├── NoCity         the database holds no city yet
    ├── GivenServer    backup and restore of a PostgreSQL that is not ours
    └── DatabaseInUse  it cannot be replaced while others use it
"""

from models.errors import BadInput
from runtime.errors import NotReady


def _(message: str) -> str:
    """Marks a message for translation; the edge translates it when it is shown."""
    return message


class NobodyActs(BadInput):
    """Every change needs somebody who answers for it."""

    code = "nobody_acts"
    template = _("Say who acts: add --as and a person's code, such as --as R00001, or set DUBAN_ACTOR.")


class MissingFile(BadInput):
    """A file named on the command line is not there, or is a folder."""

    code = "missing_file"
    template = _("There is no file {file}.")


class NotAPhoto(BadInput):
    """Evidence is a photo (JPEG, PNG, WebP, HEIC), a video (MP4, MOV, WebM), or beside them a paper."""

    code = "not_a_photo"
    template = _(
        "{file} is not a photo, a video, or a PDF, Word or Excel file that can be handed in; or it is damaged or too "
        "large. Photos: JPEG, PNG, WebP, HEIC, up to 15 MB. Videos: MP4, MOV, WebM, up to {megabytes} MB and {seconds} "
        "seconds. Papers, without macros, only as other evidence."
    )


class NotWritable(BadInput):
    """A file to be written: its folder is not there, or belongs to somebody else, or is full."""

    code = "not_writable"
    template = _("{file} cannot be written: {why}")


class NotAnAssignment(BadInput):
    """A column gets its value as COLUMN=VALUE."""

    code = "not_an_assignment"
    template = _("“{given}” says nothing about a column. Write it as column=value, such as name=自贡.")


class NothingToWrite(BadInput):
    """A paper to be printed, and no file to print it into."""

    code = "nothing_to_write"
    template = _("Name a file to write: --word paper.docx, --page paper.html, or both.")


class NoCity(NotReady):
    """Nothing works before a city pack is loaded."""

    code = "no_city"
    template = _("No city is loaded yet. Load one with `duban city load cities/zigong`, or start all with `make run`.")


class GivenServer(NotReady):
    """With DUBAN_DATABASE_URL, the server has its own tools and its own administrator."""

    code = "given_server"
    template = _(
        "The database is a given PostgreSQL (DUBAN_DATABASE_URL); use its own tools: "
        "pg_dump --format=custom --file=duban.dump URL, and pg_restore --clean --if-exists --dbname=URL duban.dump."
    )


class DatabaseInUse(NotReady):
    """Somebody is connected: `duban up` runs, or another command."""

    code = "database_in_use"
    template = _("The database is in use by {n} connection(s). Stop `duban up` and other commands first.")


FROM_SERVICES = (
    _("Too many codes were asked for. Ask again in {minutes} minute(s)."),
    _("This channel takes no more just now. Ask again in {minutes} minute(s)."),
    _("This is not the code that was sent. Tries left: {left}."),
    _("No code waits for this contact: it has run out or was used. Ask for a new one."),
    _("Nothing can be sent to such an address from here: no gateway is set up for it."),
    _("Message {id} is still on its way; it is tried again by itself."),
    _("Message {id} may reach its reader a second time. Say that you are sure of it."),
    _("No channel here serves this: {provider}. Is its gateway set (DUBAN_SMTP_URL, DUBAN_SMS_URL)?"),
    _("“{what}” goes with {steps} of the ladder; issue {number} has not come so far."),
    _("Round {number} is not finished: {filled} of {sheets} sheets are in. A notice holds all it found."),
    _("{count} issue(s) of round {number} wait to be assigned and may be for {unit}; first: {first}."),
    _("Round {number} has no open issue of {unit}."),
    _("Paper {number} is not as it was issued, so it is not printed. Run `duban verify` and look who altered it."),
)
"""Templates of errors that services define for the command line alone, marked here for translation."""

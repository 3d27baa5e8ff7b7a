"""`duban db migrate | shell-url | backup | restore`: the database itself."""

from pathlib import Path
from typing import Annotated

from cli import dump, opening, showing
from cli.app import group
from cli.opening import read_settings
from cli.options import argument
from runtime.i18n import gettext as _

databases = group("db", _("The database: its schema, a way into it, backup and restore."))
File = Annotated[Path, argument(_("The backup file."), metavar="FILE")]


@databases.command("migrate", help=_("Bring the schema to the newest revision. Other commands do it by themselves."))
def migrate() -> None:
    with opening.connected(read_settings()) as engine:
        showing.say(_("The schema is at revision {revision}.").format(revision=opening.revision(engine)))


@databases.command("shell-url", help=_("Print the URL for psql and other tools. It works while Duban runs."))
def shell_url() -> None:
    showing.say(dump.url(read_settings()))


@databases.command("backup", help=_("Write a backup of the database. Works while Duban runs. Copy the photos too."))
def backup(file: File) -> None:
    from services.evidence import name_of

    settings = read_settings()
    dump.backup(settings, file)
    showing.say(_("Backup written to {file}.").format(file=file))
    showing.note(_("Photos are not in it: copy {folder} too.").format(folder=name_of(settings.evidence)))


@databases.command("restore", help=_("Put a backup in the place of the database; the old one is kept beside it."))
def restore(file: File) -> None:
    dump.restore(read_settings(), showing.existing(file))
    said = _("Restored from {file}. The database as it was is kept as “{name}” until the next restore.")
    showing.say(said.format(file=file, name=dump.KEPT))

"""What administration refuses, besides what the tree of models/errors.py has."""

from models.errors import Refused


class NotAsShown(Refused):
    """Something changed between showing and confirming: nothing is done that nobody has seen."""

    code = "not_as_shown"
    template = "The city has changed meanwhile, so this would do something else than was shown. Look at it again."


class FilesNotKept(Refused):
    """The city was loaded before its files were kept in the database."""

    code = "files_not_kept"
    template = "The files of this city are not in the database yet. Load its pack once: duban city load."

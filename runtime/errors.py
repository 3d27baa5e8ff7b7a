"""What can go wrong before the system itself is reached: settings and the database.

DubanError
└── NotReady
    ├── BadSettings      a DUBAN_* variable that cannot be used
    └── DatabaseTrouble  PostgreSQL cannot be started or reached
"""

from models.errors import DubanError


class NotReady(DubanError):
    """The process cannot start as it is set up."""

    code = "not_ready"
    template = "Duban cannot start as it is set up."


class BadSettings(NotReady):
    """One or more environment variables cannot be used; `problems` names each of them."""

    code = "bad_settings"
    template = "These settings cannot be used: {problems}"


class DatabaseTrouble(NotReady):
    """PostgreSQL could not be started, stopped or reached."""

    code = "database_trouble"
    template = "The database in {folder} is not available: {why}"

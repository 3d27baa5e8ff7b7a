"""The environment of the processes that `up` starts: our settings, and Prefect's for one machine with PostgreSQL.

Measured: with the defaults a slot of a dead run leaks for good, a start takes ten seconds, and old runs stay for ever.
"""

import os
from collections.abc import Mapping

from pydantic import SecretStr

from runtime.database import Database
from runtime.settings import PREFIX, Settings

HOST = "127.0.0.1"
"""Prefect's server has no sign-in of its own here, so nobody but this machine reaches it; a proxy stands before it."""

DEFAULTS: Mapping[str, str] = {
    # server
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": "60",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000",  # seconds: 30 days
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "3d",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    # flow server and flows
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "duban,services,notifications",
    "PREFECT_CLI_PROMPT": "false",
}


def prefect_url(settings: Settings) -> str:
    """Where Prefect's pages are."""
    return f"http://{HOST}:{settings.prefect_port}"


def environment(settings: Settings, database: Database) -> dict[str, str]:
    """For every child. What the operator sets for Prefect wins over our defaults, but not over where things are."""
    url = prefect_url(settings)
    temporary = settings.home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    fixed = {
        # Prefect's runner keeps its files under one fixed name there: two users of a machine would collide in /tmp
        "TMPDIR": str(temporary),
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database.prefect_url,
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST, "localhost"])),
        "PYTHONUNBUFFERED": "1",
    }
    pages = {  # an operator with a proxy before Prefect names its address here
        "PREFECT_UI_URL": url,
        "PREFECT_SERVER_UI_API_URL": f"{url}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url,
    }
    return {**DEFAULTS, **pages, **os.environ, **_ours(settings), **fixed}


def _ours(settings: Settings) -> dict[str, str]:
    """The settings as variables again. A secret that came from a file stays in its file."""
    found = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        variable = f"{PREFIX}{name.upper()}"
        if value is not None and f"{variable}_FILE" not in os.environ:
            found[variable] = _written(value)
    return found


def _written(value: object) -> str:
    """A setting as somebody would write it in a variable."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

"""`duban up`: everything on this machine, until Ctrl-C."""

from cli.app import app
from cli.opening import read_settings
from runtime.i18n import gettext as _


@app.command("up", help=_("Start everything on this machine: database, Prefect, flows, web page. Ctrl-C stops it."))
def up() -> None:
    from deployments.supervise import up as run

    run(read_settings())

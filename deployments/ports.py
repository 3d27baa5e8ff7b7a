"""Are the ports free? Asked before anything is started, so that nothing has to be taken back."""

import socket

from deployments.environment import HOST
from deployments.errors import PortInUse
from runtime.settings import Settings


def check_ports(settings: Settings) -> None:
    """Raises PortInUse that names the setting to change."""
    wanted = (
        (settings.web_host, settings.web_port, "DUBAN_WEB_PORT"),
        (HOST, settings.prefect_port, "DUBAN_PREFECT_PORT"),
    )
    for host, port, variable in wanted:
        if not _free(host, port):
            raise PortInUse(port=port, variable=variable)


def _free(host: str, port: int) -> bool:
    """Whether one could listen there. A port that a stopped program has only just left counts as free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True

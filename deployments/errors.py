"""What can go wrong before `up` runs.

NotReady
├── AlreadyRunning  another `up` has the same data folder
├── PortInUse       somebody else listens there
└── DidNotStart     a process ended or did not answer in time
"""

from runtime.errors import NotReady


def _(message: str) -> str:
    """Marks a sentence for translation; the edge translates it when it is shown."""
    return message


class AlreadyRunning(NotReady):
    code = "already_running"
    template = _("Duban already runs with the data folder {folder} (process {pid}). Stop it first, or set DUBAN_HOME.")


class PortInUse(NotReady):
    code = "port_in_use"
    template = _("Port {port} is in use by another program. Stop it, or set {variable} to another port.")


class DidNotStart(NotReady):
    code = "did_not_start"
    template = _("{name} did not start. The last lines of {log}:\n{lines}")

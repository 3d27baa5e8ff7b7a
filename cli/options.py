"""The options that several commands share, so that they read and mean the same everywhere."""

from pathlib import Path
from typing import Annotated, Any

import typer

from runtime.i18n import gettext as _


def option(text: str, *names: str, **more: Any) -> Any:
    """An option with its help. What stands in for one that is not given is said in the help, where it matters."""
    return typer.Option(*names, help=text, show_default=False, **more)


def argument(text: str, **more: Any) -> Any:
    """An argument with its help."""
    return typer.Argument(help=text, show_default=False, **more)


Numbers = Annotated[list[str], argument(_("Issues, by number (ZG-2026-000123) or id."), metavar="ISSUE")]
OneNumber = Annotated[str, argument(_("An issue, by number (ZG-2026-000123) or id."), metavar="ISSUE")]
Who = Annotated[
    str | None,
    option(_("Who acts, such as R00001. Otherwise DUBAN_ACTOR."), "--as", metavar="PERSON"),
]
AsJson = Annotated[bool, option(_("Print JSON, for programs."), "--json")]
DryRun = Annotated[bool, option(_("Show what would change, and change nothing."), "--dry-run")]
Reason = Annotated[str, option(_("Why."), "--reason", "-r")]
MaybeReason = Annotated[str, option(_("Why."), "--reason", "-r")]
Photos = Annotated[
    list[Path] | None,
    option(_("A photo, video or PDF to hand in. May be given several times."), "--photo", "-p"),
]
LARGEST = 2**63 - 1
"""Of a number by which a row is named: the database holds no larger one."""
Before = Annotated[int | None, option(_("Go on before this message."), min=0, max=LARGEST)]
Limit = Annotated[int, typer.Option("--limit", "-n", help=_("At most so many."), min=1, max=10_000)]

"""The command tree, and the one place where errors become sentences and exit codes."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer._click.core import Command, Context
from typer.core import TyperGroup

from cli import telling
from cli.exits import Exit
from cli.options import option
from models.errors import DubanError
from runtime.i18n import gettext as _
from runtime.i18n import language

_plain_help_option = Command.get_help_option


class Duban(TyperGroup):
    """The top of the tree: runs a command, tells what went wrong, ends with the code of cli/exits.py."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_more: Any, **_extra: Any) -> Any:
        """Run and exit. A command that returns a number ends with it."""
        sys.exit(self._run(list(sys.argv[1:] if args is None else args), prog_name=prog_name))

    def _run(self, arguments: list[str], *, prog_name: str | None) -> int:
        _name_panels()
        try:
            ended = super().main(arguments, prog_name, standalone_mode=False)
        except DubanError as error:
            return telling.tell(error, as_json="--json" in arguments)
        except typer.TyperException as error:
            return telling.tell_usage(error)
        except typer.Abort:
            return Exit.STOPPED
        except Exception as error:  # noqa: BLE001 - the rim: a fault becomes a sentence, --debug shows the rest
            return telling.tell_fault(error, debug="--debug" in arguments)
        return int(ended) if isinstance(ended, int) else Exit.DONE


def _name_panels() -> None:
    """The library's own headings of a help page are English."""
    if language() == "en":
        return
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    Command.get_help_option = _help_option  # type: ignore[method-assign,assignment]  # it takes no text of ours


def _help_option(command: Command, context: Context) -> Any:
    option = _plain_help_option(command, context)
    if option is not None:
        option.help = _("Show this page and exit.")
    return option


app = typer.Typer(
    name="duban",
    cls=Duban,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "Duban 督办: a problem found in the city is really put right.\n\n"
        "Start with `duban up`, or load a city with `duban city load cities/zigong`. "
        "Exit codes: 0 done, 1 in part or something was found, 2 unusable input, 3 refused by the rules, "
        "4 not found, 5 not ready."
    ),
)


@app.callback()
def start(
    debug: Annotated[bool, option(_("Show log lines and tracebacks."), "--debug")] = False,
) -> None:
    from runtime import logs

    logs.set_up("DEBUG" if debug else "ERROR")


def group(name: str, text: str) -> typer.Typer:
    """A new command group of the tree."""
    made = typer.Typer(no_args_is_help=True, help=text)
    app.add_typer(made, name=name)
    return made

"""The `commentary` command. Commands stand together by what people do; a module is imported when one is asked for."""

import sys
from importlib import import_module

import click

from extractors.lexicon import FileError
from flows.settings import UserError
from warehouse.errors import WarehouseError

# Command and the module that defines it under the same name; the order is that of `commentary --help`.
COMMANDS = {
    "ingest": "running",
    "add": "running",
    "backfill": "running",
    "status": "serving",
    "sql": "asking",
    "tables": "asking",
    "search": "asking",
    "notes": "noting",
    "explain": "explaining",
    "extract": "explaining",
    "failures": "watching",
    "sources": "watching",
    "accept": "watching",
    "reject": "watching",
    "report": "asking",
    "export": "asking",
    "serve-sql": "asking",
    "reextract": "running",
    "rebuild": "running",
    "prune": "watching",
    "backup": "running",
    "restore": "running",
    "migrate-to": "running",
    "keep-up": "running",
    "deploy": "serving",
    "serve": "serving",
    "server": "serving",
}


class Commands(click.Group):
    """A group that imports a command's module when the command is called, so that `sql` need not load Prefect."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"flows.cli.{COMMANDS[cmd_name]}"), cmd_name.replace("-", "_"))
        if not isinstance(command, click.Command):
            raise TypeError(f"flows.cli.{COMMANDS[cmd_name]}.{cmd_name} is no command")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="commentary-warehouse")
def group() -> None:
    """Themes and figures from commentary on NHS and independent-sector partnership, in DuckDB.

    Exit code 0 when the job was done (items that failed are listed), 1 when it could not be, 2 for bad arguments,
    3 when it was done but nothing on the network could be reached.
    """


def main() -> None:
    """Run the command line; errors that a person can act on are one message, not a traceback."""
    try:
        group(standalone_mode=True)
    except UserError as error:
        _fail(error.message, error.way_out)
    except (WarehouseError, FileError) as error:
        _fail(str(error), None)
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise
        click.echo("Aborted!", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        sys.exit(0)


def _fail(message: str, way_out: str | None) -> None:
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(message, err=True)
    if way_out:
        click.echo(f"way out: {way_out}", err=True)
    sys.exit(1)

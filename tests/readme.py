"""The README's example queries: what they print on the seed articles.

`python -m tests.readme --update` writes the outputs anew.
"""

import argparse
import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from flows.cli import group
from flows.settings import settings
from tests.conftest import ROOT
from tests.warehouse.cookbook import seed_warehouse

README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n\$ (commentary [^\n]+)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One command of the README and the output shown under it."""

    command: str
    output: str


def examples() -> list[Example]:
    """All commands of the README, in order."""
    return [Example(command, output) for command, output in _BLOCK.findall(README.read_text("utf-8"))]


def printed(command: str, home: Path) -> str:
    """What a command prints on the warehouse of the seeds."""
    before = {name: os.environ.get(name) for name in ("COMMENTARY_HOME", "COLUMNS")}
    os.environ.update(COMMENTARY_HOME=str(home), COLUMNS="100")
    settings.cache_clear()
    try:
        result = CliRunner().invoke(group, shlex.split(command)[1:], catch_exceptions=False)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        settings.cache_clear()
    return "\n".join(line.rstrip() for line in result.output.splitlines()) + "\n"


def main() -> None:
    """Write the outputs anew."""
    parser = argparse.ArgumentParser(description="The README's example queries.")
    parser.add_argument("--update", action="store_true", required=True)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = seed_warehouse(Path(folder)).home
        text = README.read_text("utf-8")
        for example in examples():
            old = f"$ {example.command}\n{example.output}```"
            text = text.replace(old, f"$ {example.command}\n{printed(example.command, home)}```")
        README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

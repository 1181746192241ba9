"""Setting up a Prefect server for this project: work pool, deployments and automations; again does no harm."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from flows.errors import UserError

POOL = "commentary"
AUTOMATIONS = Path("docs/automations.yaml")
AUTOMATION_NAME = "commentary-crash-silent-runs"

Prefect = Callable[..., str]


def prefect_command(project: Path, environment: Mapping[str, str] | None = None) -> Prefect:
    """A function that runs one `prefect` command in the project's folder and gives what it printed.

    It raises UserError with what the command printed, where that failed.
    """
    surroundings = {**(os.environ if environment is None else environment), "PWD": str(project.absolute())}

    def prefect(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=project,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise UserError(
                f"`prefect {' '.join(arguments)}` failed: {(done.stderr or done.stdout).strip()}",
                "check that the server at PREFECT_API_URL runs",
            )
        return done.stdout

    return prefect


def set_up(prefect: Prefect) -> None:
    """Create the work pool, the deployments of prefect.yaml and the automations, or bring them up to date."""
    prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect("deploy", "--all")
    try:
        prefect("automation", "inspect", AUTOMATION_NAME)
    except UserError:  # there is none of that name
        prefect("automation", "create", "--from-file", str(AUTOMATIONS))

"""The environment that Prefect is imported in, when no server is configured: local, offline, quiet, and tidied up.

Prefect reads its settings when it is imported, so the commands call `prepare_environment` before they import a flow.
"""

import os
from pathlib import Path

import psutil

OWNER = "COMMENTARY_PREFECT_OWNER"

# Without these the temporary server loses task-run records when it exits (4 of 300 were kept as completed; with them
# all 300), and calls home.
EPHEMERAL_SETTINGS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

# Runs tell the server every 30 seconds that they live; docs/automations.yaml looks for those that fall silent.
HEARTBEATS = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
# A server keeps some 75 kB a run for ever unless it is told to clear old events and runs (after 90 days).
SERVER_SETTINGS = {**EPHEMERAL_SETTINGS, "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs"}


def prepare_environment(home: Path, *, verbose: bool = False) -> None:
    """Set what Prefect should find in the environment; what the operator has set already is left as it is.

    With no `PREFECT_API_URL` the run uses Prefect's temporary server on loopback, with its database in
    `home/work/prefect`. Servers that killed runs left behind are ended.
    """
    for name, value in EPHEMERAL_SETTINGS.items():
        os.environ.setdefault(name, value)
    if not verbose:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    if "PREFECT_API_URL" in os.environ or "PREFECT_PROFILE" in os.environ:
        return
    os.environ.setdefault("PREFECT_HOME", str((home / "work" / "prefect").absolute()))
    end_orphaned_servers()
    os.environ[OWNER] = _identity(psutil.Process())


def end_orphaned_servers() -> int:
    """End temporary Prefect servers whose run is no more; the number of them.

    A run that is killed cannot stop the server process that Prefect started for it. Each inherits `OWNER` from its
    run, so that only ours are ended, and only when that run is gone.
    """
    ended = 0
    for process in psutil.process_iter():
        try:
            owner = process.environ().get(OWNER)
            if owner is None or "uvicorn" not in process.cmdline() or _is_running(owner):
                continue
            process.terminate()
            ended += 1
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or another user's
    return ended


def _identity(process: psutil.Process) -> str:
    # The start time tells a process from a later one with the same number.
    return f"{process.pid}:{process.create_time():.2f}"


def _is_running(owner: str) -> bool:
    pid = owner.partition(":")[0]
    try:
        return pid.isdigit() and _identity(psutil.Process(int(pid))) == owner
    except psutil.Error:
        return False

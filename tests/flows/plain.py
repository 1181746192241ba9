"""Flows and tasks as the functions that they wrap, for tests in which nothing of Prefect's is shown.

A run on a server costs seconds of processor there and here, whatever it does. What people see on the server, how runs
end there and what is tried again is shown on a real one: tests/flows/test_server.py, test_a_day.py, and wherever runs
are killed. All else of a run is ours and the same here: flow parameters are checked, states are the flow's own.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from prefect.settings import Settings

ARTIFACTS = ("create_progress_artifact", "create_markdown_artifact", "create_table_artifact", "create_link_artifact")
NOBODY = "http://127.0.0.1:9/api"
"""Where no server is: what is asked of one all the same fails, and does not start a temporary one unseen."""


@contextmanager
def without_a_server() -> Iterator[None]:
    """Let the flows that are called in this process tell nobody of what they do."""
    from prefect import Flow, Task

    with ExitStack() as changed:
        changed.enter_context(asking(NOBODY))
        changed.enter_context(patch.object(Flow, "__call__", _flow))
        changed.enter_context(patch.object(Task, "__call__", _task))
        for name in ARTIFACTS:
            changed.enter_context(patch(f"prefect.artifacts.{name}", _left))
        changed.enter_context(patch("prefect.artifacts.update_progress_artifact", _left))
        changed.enter_context(patch("prefect.events.emit_event", _left))
        changed.enter_context(patch("flows.life.get_run_logger", _log))
        yield


@contextmanager
def asking(server: str) -> Iterator[None]:
    """Let Prefect in this process ask this server; unlike `temporary_settings` it reads all settings only once."""
    from prefect.context import SettingsContext, get_settings_context

    with SettingsContext(profile=get_settings_context().profile, settings=_settings(server)):
        yield


@cache
def _settings(server: str) -> "Settings":
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: server}) as made:
        return made


def _flow(flow: Any, *arguments: Any, return_state: bool = False, **named: Any) -> Any:
    """As the engine does: parameters checked, an error that nobody caught makes the run Failed with it."""
    from prefect.states import Failed
    from prefect.utilities.callables import get_call_parameters

    assert return_state, "flows are asked for their state"
    try:
        return flow.fn(**flow.validate_parameters(get_call_parameters(flow.fn, arguments, named)))
    except Exception as error:
        return Failed(message=str(error), data=error)


def _task(task: Any, *arguments: Any, **named: Any) -> Any:
    from prefect.utilities.annotations import quote

    return task.fn(*(it.unquote() if isinstance(it, quote) else it for it in arguments), **named)


def _left(*_: object, **__: object) -> UUID:
    return uuid4()


def _log() -> logging.Logger:
    return logging.getLogger("prefect.commentary")

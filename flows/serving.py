"""Serving the deployments of `commentary deploy` from one process, without a work pool."""

from prefect import serve
from prefect.settings import get_current_settings

from flows.deploying import Told, claim_name, deployments, set_up_automations
from flows.settings import Place


def server_is_configured() -> bool:
    """Whether Prefect talks to a server that stays, not to a temporary one of this process."""
    return get_current_settings().api.url is not None


def serve_all(place: Place, notify: str = "", tell: Told = lambda _: None) -> None:
    """Serve all deployments until the process is ended.

    Where they are deployed to a work pool already, each run is taken by whoever comes first.

    Raises:
        UserError: the warehouse's name belongs to another on this server.
    """
    claim_name(place)
    set_up_automations(place, notify, tell)
    serve(*deployments(place), pause_on_shutdown=False)

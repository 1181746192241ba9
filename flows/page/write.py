"""The page as HTML, made from rows and the time by one pure function, and written beside the snapshot that it shows."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.page import sections, wording
from flows.page.rows import PageRows, read_page_rows
from flows.page.sections import search_index
from flows.page.wording import plain, web_address
from warehouse.database import open_snapshot
from warehouse.errors import WarehouseError
from warehouse.workspace import Workspace, explained_disk_errors, write_atomically


def page(rows: PageRows, now: datetime) -> str:
    """The whole page; the same rows and time give the same text.

    It asks for nothing: style, script and data are inside, and its Content-Security-Policy lets only those run that
    have our hashes.
    """
    style, script = _asset("page.css"), _asset("page.js")
    shown, more = sections.figure_cards(rows)
    return (
        _environment()
        .get_template("page.html")
        .render(
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own file
            rows=rows,
            now=now,
            findings=_findings(rows),
            years=sections.years(rows),
            publishers=sections.publishers(rows),
            framing=sections.framing(rows),
            figures=shown,
            more_figures=more,
            series=sections.series(rows),
            disagreements=sections.disagreements(rows),
            sources=sections.sources(rows),
            passages=sections.passages(rows),
            said=sections.said(rows),
            search_index=search_index(rows),
        )
    )


def _findings(rows: PageRows) -> dict[str, str | None]:
    return {
        "attention": sections.attention_finding(rows.themes),
        "trend": sections.trend_finding(rows.themes, rows.theme_years),
        "publishers": sections.publisher_finding(rows.themes, rows.publisher_themes),
        "framing": sections.framing_finding(rows.themes),
        "figures": sections.figures_finding(rows.totals),
        "sources": sections.sources_finding(rows.source_states),
    }


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return resources.files("flows.page").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "counted": wording.counted,
        "day": wording.day,
        "moment": wording.moment,
        "plain": plain,
        "web_address": web_address,
    }
    environment.globals["article_link"] = sections.article_link
    environment.globals["well"] = sections.WELL
    return environment


NAME = "report.html"


def write_report(workspace: Workspace, now: datetime, output: Path | None = None) -> Path:
    """Make the page from the published snapshot and put it at `output`, by default report.html beside the snapshot.

    A page that is there is replaced as a whole. Returns where it is.

    Raises:
        WarehouseError: nothing is published yet, it was published by an older release, or the page cannot be written;
            DiskFullError if there is no room.
    """
    text = page(_rows(workspace, now), now)
    path = output or workspace.home / NAME
    with explained_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    return path


def _rows(workspace: Workspace, now: datetime) -> PageRows:
    with open_snapshot(workspace) as connection:
        try:
            return read_page_rows(connection, now)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"{workspace.published}: was published by an older release and lacks what the page shows "
                f"({str(error).splitlines()[0]}); run `commentary ingest`, which publishes it anew"
            ) from error

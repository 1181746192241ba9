"""Settings of a run, from the environment (`COMMENTARY_...`) or `commentary.toml`; each with its reason and unit."""

import os
import re
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from unicodedata import combining, normalize

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

import seeds
from extractors.web.settings import Count, FetchSettings, Seconds
from warehouse.target import lake_at
from warehouse.workspace import Workspace


class UserError(Exception):
    """Something outside the program stops the run; the message says what and where, `way_out` what to do."""

    def __init__(self, message: str, way_out: str) -> None:
        self.message = message
        self.way_out = way_out
        super().__init__(f"{message}. Way out: {way_out}.")


def slug(name: str) -> str:
    """A name as an identifier: lower case without accents, digits, hyphens; "" where nothing of it can stand there."""
    plain = "".join(sign for sign in normalize("NFKD", name) if not combining(sign)).replace("ß", "ss")
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


LAKE_BATCH = 500
"""Articles that a lake is loaded with at once, unless the setting says otherwise: a transaction of it has a price of
its own, which ten times as many rows hardly raise."""

CONFIG_NAME = "commentary.toml"
PACKAGED_SEEDS = Path(seeds.__file__).parent

_MARKS = ("prefect.yaml", CONFIG_NAME)
_PATHS = ("home", "seeds", "sources", "codebook", "metrics", "ca_file", "data_path", "raw_store")


def project_folder() -> Path:
    """The folder of the project, wherever cron happens to stand.

    It is the working folder or one above it that has the project's or a settings file, else the one that this program
    is installed from, else the working folder.
    """
    here = Path.cwd()
    installed = Path(__file__).parents[1]
    places = [*(folder for folder in (here, *here.parents)), installed]
    return next((folder for folder in places if any((folder / mark).is_file() for mark in _MARKS)), here)


def _expanded(value: object) -> object:
    """A path, or several, with "~" as the folder that it stands for."""
    if isinstance(value, list | tuple):
        return [_expanded(one) for one in value]
    if isinstance(value, str) and "://" in value:  # data_path may be an address
        return value
    return Path(value).expanduser() if isinstance(value, str | Path) else value


def _in_project(name: str) -> Path:
    folder = project_folder()
    return Path(name) if folder == Path.cwd() else folder / name


def config_files() -> tuple[Path, ...]:
    """The settings files: the project's, and over it the one in COMMENTARY_HOME."""
    home = os.environ.get("COMMENTARY_HOME")
    return (_in_project(CONFIG_NAME), *((Path(home).expanduser() / CONFIG_NAME,) if home else ()))


class Settings(BaseSettings, FetchSettings):
    """All that an operator may set, with what fetching goes by (`FetchSettings`).

    The environment wins over the file, the file over the defaults.
    """

    model_config = SettingsConfigDict(env_prefix="COMMENTARY_", extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(
        "",
        pattern="^([a-z0-9]+(-[a-z0-9]+)*)?$",
        description="Name of this warehouse on a Prefect server, which several may share; that of its folder if empty.",
    )
    notify: str = Field(
        "", description="Notification block of the Prefect server to tell of runs that fail: slack-webhook/ops."
    )
    home: Path = Field(
        Path("data"),
        description="Folder of the published database, the operator's own files and the pipeline's; in the project.",
    )
    warehouse: str = Field(
        "",
        repr=False,
        description="Where the tables are: in home if empty, or in a lake, as ducklake:postgres:dbname=... host=... "
        "(docs/scaling.md), best without a password: libpq takes PGPASSWORD or a password file.",
    )
    data_path: str = Field(
        "", description="Folder or s3:// address of the data of such a lake; the folder lake in home if empty."
    )
    seeds: Path = Field(PACKAGED_SEEDS, description="Folder with the seed articles and their manifest.toml.")
    sources: Path = Field(PACKAGED_SEEDS / "sources.toml", description="The sources to watch.")
    codebook: tuple[Path, ...] = Field(
        (), description="TOML files that extend or override the codebook of themes, applied in order."
    )
    themes: Literal["words", "meaning"] = Field(
        "words",
        description="What themes are coded by: cues and `words`, or their `meaning` as well, which a small language "
        "model reads: nearer to people, sixty times as slow; `make meaning` installs it.",
    )
    raw_store: str = Field(
        "",
        description="Where what was fetched is kept with its journals, if several machines share the warehouse: a "
        "folder that all see, or an s3:// address; in the home if empty.",
    )
    fetchers: Count = Field(
        1, description="Daily runs at once on a warehouse that several machines share: each takes hosts of its own."
    )
    lock_wait: Seconds = Field(
        600.0, description="Seconds that a run waits for another one on the same warehouse before it gives up."
    )
    batch_size: Count = Field(
        50,
        description="Articles coded and loaded in one transaction: what a kill can at most undo; 500 in a lake.",
    )
    processes: int = Field(
        0, ge=0, description="Processes that read and code what is foreign: pages, feeds, files; 0 is one a core."
    )
    item_seconds: Seconds = Field(
        60.0,
        description="Processor seconds that reading one page, feed or file may take; what takes more is put aside.",
    )
    item_memory: Annotated[int, Field(ge=64)] = Field(
        1500,
        description="Megabytes that reading one page, feed or file may take beyond what a process has loaded.",
    )
    coding: Annotated[str, Field(pattern=r"^(|pool|dask://\S+:[0-9]+)$")] = Field(
        "",
        description="Where articles are coded: `pool`, as if empty, in processes of this machine; `dask://host:8786` "
        "by the workers of that Dask scheduler (docs/scaling.md).",
    )
    coding_store: str = Field(
        "", description="Folder of the raw store on the machines of a coding cluster, where it is another than here."
    )
    memory_limit: str = Field("2GB", description="What DuckDB may use before it spills to disk.")
    crawl_budget: Seconds = Field(
        1800.0, description="Seconds that a run spends on the network; what is due beyond waits for the next run."
    )
    pages_per_run: Count = Field(
        500, description="New pages fetched in a run, the most promising first, so that a backfill stays polite."
    )
    pages_per_host: Count = Field(
        50,
        description="Pages asked of one host in an ordinary run; `commentary backfill` is bounded by its limit only.",
    )
    reread_share: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.2, description="Part of these pages that is kept for reading articles again where new pages wait as well."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged at least, on the server and with --verbose."
    )
    metrics: Path | None = Field(
        None,
        description="File that is written after each run for Prometheus: its node exporter reads *.prom of a folder.",
    )
    report_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = Field(
        "", description="Address at which a web server of yours serves report.html; the runs' pages link to it."
    )
    page: bool = Field(True, description="Whether report.html is made after each publication; it takes some seconds.")
    page_articles: Count = Field(
        3_000, description="Articles up to which report.html is one file; with more it has the folder report-files."
    )
    sql_token: SecretStr | None = Field(
        None, min_length=16, description="The word by which readers are let in by `commentary serve-sql`."
    )
    quiet_days: Count = Field(
        60, description="Days without anything new after which a source is reported as quiet, as is a broken one."
    )

    @model_validator(mode="before")
    @classmethod
    def _data_are_in_the_project(cls, stated: dict[str, Any]) -> dict[str, Any]:
        # No shell has expanded "~" where cron, systemd or a container sets the environment, and an empty path is none.
        said = {name: value for name, value in stated.items() if name not in _PATHS or value != ""}
        paths = {name: _expanded(said[name]) for name in _PATHS if name in said}
        paths |= {name: str(paths[name]) for name in ("data_path", "raw_store") if name in paths}
        sizes = {"batch_size": LAKE_BATCH} if said.get("warehouse") else {}
        return {"home": _in_project("data"), **sizes, **said, **paths}

    @model_validator(mode="after")
    def _warehouse_is_known(self) -> Self:
        lake_at(self.warehouse, self._data_path)
        return self

    @property
    def _data_path(self) -> str:
        return self.data_path or str(self.home / "lake")

    @property
    def workspace(self) -> Workspace:
        """The warehouse: its folder, and where its tables are."""
        return Workspace(self.home, lake_at(self.warehouse, self._data_path), self.raw_store)

    @property
    def own_sources(self) -> Path:
        """The operator's own file over the sources that are shipped; it need not be there."""
        return Workspace(self.home).own_sources

    @property
    def server_name(self) -> str:
        """The name on a Prefect server: lower case, digits and hyphens."""
        return self.name or slug(project_folder().name) or "commentary"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the settings files, the one in the operator's home first."""
        return init_settings, env_settings, _SettingsFiles(settings_cls, toml_file=list(config_files()))


class _SettingsFiles(TomlConfigSettingsSource):
    """The settings files; paths in one are meant from its folder, not from the working folder."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        read = super()._read_file(file_path)
        folder = Path(str(file_path)).parent
        for name in _PATHS:
            value = read.get(name)
            if isinstance(value, str):
                read[name] = value if "://" in value else str(folder / Path(value).expanduser())
            elif isinstance(value, list):
                read[name] = [str(folder / Path(str(one)).expanduser()) for one in value]
        return read


class Place(NamedTuple):
    """What a Prefect server is set up for: the project's folder, the warehouse, and its name there."""

    project: Path
    workspace: Workspace
    name: str
    fetchers: int = 1

    @property
    def tag(self) -> str:
        """The tag of all deployments of this warehouse, and so of their runs."""
        return f"warehouse-{self.name}"


def place_here() -> Place:
    """The project, with its warehouse and name.

    Raises:
        UserError: it is no folder of the project, or a setting cannot be used.
    """
    project = project_folder()
    if not (project / "prefect.yaml").is_file():
        raise UserError(f"{project} has no prefect.yaml", "run it in the project's folder")
    return Place(project, settings().workspace, settings().server_name, settings().fetchers)


@cache
def settings() -> Settings:
    """The settings in force, read once a process.

    Raises:
        UserError: a value is of the wrong type or out of range, or a name is unknown; it names each.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'settings'}: {fault['msg'].lower()}" for fault in error.errors()
        )
        raise UserError(
            f"a setting cannot be used: {faults}",
            f"mend it in {CONFIG_NAME} or in the environment variable COMMENTARY_<NAME>",
        ) from error
    except ValueError as error:  # the TOML file itself, or JSON in an environment variable
        raise UserError(f"the settings cannot be read: {error}", f"mend {CONFIG_NAME} or the environment") from error

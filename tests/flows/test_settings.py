"""Settings: each can be set by the environment and by the file, and docs/operations.md lists all of them."""

import os
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from flows.settings import PACKAGED_SEEDS, Settings, UserError, settings, slug
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
# A value of each setting that is not its default, as TOML and as the environment have it.
OTHER = {
    "allow_hosts": '["wiki.intranet.example"]',
    "ca_file": "THIS FILE",
    "codebook": '["ours.toml"]',
    "coding": "dask://127.0.0.1:8786",
    "coding_store": "/mnt/raw",
    "contact": "mailto:data@example.org",
    "data_path": "s3://commentary/lake",
    "home": "elsewhere",
    "item_memory": "900",
    "log_level": "ERROR",
    "memory_limit": "1GB",
    "metrics": "run.prom",
    "name": "wards",
    "notify": "slack-webhook/ops",
    "page": "false",
    "proxy": "http://proxy.example:3128",
    "raw_store": "s3://commentary/raw",
    "report_url": "https://intranet.example/report.html",
    "reread_share": "0.5",
    "seeds": "our-seeds",
    "sources": "our-sources.toml",
    "sql_token": "a long word that nobody guesses",
    "themes": "meaning",
    "warehouse": "ducklake:postgres:dbname=commentary",
}


def row(name: str, field: FieldInfo) -> str:
    """The row of a setting in docs/operations.md."""
    default = field.default
    if isinstance(default, Path):
        shown = f"`{default}`" if not default.is_relative_to(PACKAGED_SEEDS) else "those of the project"
    else:
        shown = (
            f"`{str(default).lower() if isinstance(default, bool) else default}`"
            if default not in ("", (), None)
            else "none"
        )
    return f"| `{name}` | {shown} | {field.description} |"


TABLE = "\n".join(row(name, Settings.model_fields[name]) for name in sorted(Settings.model_fields))


def test_the_docs_list_every_setting() -> None:
    assert TABLE in PAGE, f"docs/operations.md is to have\n\n{TABLE}"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("COMMENTARY_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
@pytest.mark.parametrize("place", ["environment", "file"])
def test_each_setting_can_be_set(name: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = OTHER.get(name, "7").replace("THIS FILE", __file__)
    if place == "environment":
        monkeypatch.setenv(f"COMMENTARY_{name.upper()}", value)
    else:
        plain = value[0] == "[" or value.isdigit() or value == "false"
        (tmp_path / "commentary.toml").write_text(f"{name} = {value if plain else repr(value)}\n", "utf-8")
    assert getattr(settings(), name) != Settings.model_fields[name].default
    settings.cache_clear()


def test_a_setting_that_nobody_knows_is_named(tmp_path: Path) -> None:
    (tmp_path / "commentary.toml").write_text("host_dealy = 3\n", "utf-8")
    with pytest.raises(UserError, match="host_dealy"):
        settings()


def test_a_path_may_begin_with_the_users_home_and_an_empty_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cron, systemd and containers expand nothing of what they put into the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COMMENTARY_HOME", "~/über alles")
    monkeypatch.setenv("COMMENTARY_CODEBOOK", '["~/ours.toml"]')
    monkeypatch.setenv("COMMENTARY_METRICS", "")
    (tmp_path / "über alles").mkdir()
    (tmp_path / "über alles" / "commentary.toml").write_text("quiet_days = 7\n", "utf-8")
    assert settings().home == tmp_path / "über alles"
    assert (settings().codebook, settings().metrics) == ((tmp_path / "ours.toml",), None)
    assert settings().quiet_days == 7, "its settings are found there"


@pytest.mark.parametrize(
    ("name", "short"), [("Ärzte & Straße", "arzte-strasse"), ("Board papers, 2024", "board-papers-2024"), ("日本", "")]
)
def test_a_name_makes_an_identifier(name: str, short: str) -> None:
    assert slug(name) == short

"""`commentary sources`: the operator's own file over the shipped one, through the real command and a served site."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractors.web.sources import SourcesError
from flows.cli import group
from flows.own_sources import watched
from flows.settings import Settings, UserError, settings
from tests.conftest import COMMENTARY, ROOT
from tests.flows.watch import serve_gold
from tests.web.site import Entry, Site
from warehouse.database import open_warehouse
from warehouse.sources import store_sources
from warehouse.workspace import Workspace, exclusive

Invoke = Callable[..., Result]
SHIPPED = """# Shipped.
[[source]]
id = "kept"
name = "Kept"
sector = "think tank"
address = "https://kept.example/"

[[source]]
id = "dropped"
name = "Dropped"
sector = "law firm"
address = "https://dropped.example/"
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    path = tmp_path / "shipped.toml"
    path.write_text(SHIPPED, "utf-8")
    return path


@pytest.fixture
def invoke(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    monkeypatch.setenv("COMMENTARY_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COMMENTARY_SOURCES", str(shipped))
    monkeypatch.setenv("COMMENTARY_HOST_DELAY", "0")
    monkeypatch.setenv("COMMENTARY_PROCESSES", "1")
    monkeypatch.setenv("COLUMNS", "300")
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(group, ["sources", *map(str, arguments)])
    settings.cache_clear()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with Site() as site:
        host = site.host("127.0.0.82")
        host.page("/", f'<html><head><link rel="alternate" type="application/rss+xml" href="{host.url("/feed/")}">')
        serve_gold(host, "/insights/one", "01")
        host.rss("/feed/", [Entry("/insights/one", "The NHS and private hospitals"), Entry("/insights/two", "Two")])
        monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", json.dumps(site.allow))
        yield site


def ids() -> dict[str, bool]:
    settings.cache_clear()
    return {source.source_id: source.enabled for source in watched(settings())}


def test_a_site_is_looked_at_shown_and_added_to_the_operators_own_file(
    invoke: Invoke, web: Site, tmp_path: Path, shipped: Path
) -> None:
    address = web.host("127.0.0.82").url("/")
    looked = invoke("add", address, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "watch feed" in looked.output and "2 entries" in looked.output
    assert "The NHS and private hospitals" in looked.output and "Nothing was written" in looked.output
    assert not (tmp_path / "data" / "sources.toml").exists()
    added = invoke("add", address, "--name", "The Eighty-two", "--sector", "law firm", "--include", "^/insights/")
    assert added.exit_code == 0, added.output
    assert "Added the-eighty-two" in added.output and "Next: `commentary ingest`" in added.output
    assert web.count("/insights/one") == 0  # no article is fetched
    assert shipped.read_text("utf-8") == SHIPPED
    assert ids() == {"kept": True, "dropped": True, "the-eighty-two": True}
    assert "already" in str(invoke("add", address, "--name", "The Eighty-two").exception)
    shown = invoke("show", "the-eighty-two")
    assert "^/insights/" in shown.output and "law firm" in shown.output


def test_a_list_in_json_is_a_source(invoke: Invoke, web: Site, tmp_path: Path) -> None:
    host = web.host("127.0.0.82")
    found = [
        {
            "link": f"/news/{n}",
            "title": f"Private hospitals &amp; the NHS {n}",
            "public_timestamp": "2024-05-06T09:00:00Z",
        }
        for n in range(3)
    ]
    host.page("/api/search.json", json.dumps({"results": found, "total": 3}), "application/json")
    host.page("/api/ours", json.dumps({"data": {"list": [{"a": one["link"], "b": one["title"]} for one in found]}}))
    added = invoke("add", host.url("/api/search.json?q=nhs"), "--kind", "govuk", "--name", "Search")
    assert added.exit_code == 0, added.exception
    assert "watch api" in added.output and "3 entries" in added.output
    assert "2024-05-06 Private hospitals & the NHS 0" in added.output and host.url("/news/0") in added.output
    asked = ("--kind", "json", "--name", "Ours", "--api", "items=data.list", "--api", "address=a", "--api", "title=b")
    added = invoke("add", host.url("/api/ours"), *asked)
    assert added.exit_code == 0, added.exception
    assert "3 entries" in added.output
    assert invoke("add", host.url("/api/ours"), "--kind", "json", "--api", "items=x").exit_code == 2
    wrong = invoke(
        "add", host.url("/api/ours?x"), "--id", "wrong", "--kind", "json", "--api", "items=no", "--api", "address=a"
    )
    assert "there is no list at 'no'" in str(wrong.exception)
    settings.cache_clear()
    api = {source.source_id: source.api for source in watched(settings())}["ours"]
    assert api is not None and (api.items, api.address, api.title) == ("data.list", "a", "b")


def test_what_cannot_be_watched_is_not_added_unless_one_insists(invoke: Invoke, web: Site) -> None:
    web.host("127.0.0.82").error("/", 500)
    refused = invoke("add", web.host("127.0.0.82").url("/"))
    assert isinstance(refused.exception, UserError)
    assert "nothing to watch was found" in refused.exception.message and "--anyway" in refused.exception.way_out
    assert "127-0-0-82" not in str(ids())
    assert invoke("add", web.host("127.0.0.82").url("/"), "--id", "anyway", "--anyway").exit_code == 0
    assert ids()["anyway"] is True


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--id", "Bad Id", "id: is 'Bad Id'"),
        ("--include", "(", "'(' is not a regular"),
        ("--selector", "a[", "selector"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_before_anybody_is_asked(
    invoke: Invoke, web: Site, tmp_path: Path, option: str, value: str, told: str
) -> None:
    refused = invoke("add", web.host("127.0.0.82").url("/"), option, value).exception
    assert isinstance(refused, UserError) and told in refused.message and "line" not in refused.message
    assert web.paths() == [] and list((tmp_path / "data").glob("*")) == []


def test_shipped_sources_are_switched_and_removed_without_touching_their_file(
    invoke: Invoke, shipped: Path, tmp_path: Path
) -> None:
    assert invoke("disable", "kept").exit_code == 0
    assert invoke("remove", "dropped").exit_code == 0
    assert ids() == {"kept": False}
    own = tmp_path / "data" / "sources.toml"
    own.write_text(own.read_text("utf-8") + "# a word of my own\n", "utf-8")
    assert invoke("enable", "kept").exit_code == 0
    assert ids() == {"kept": True}
    assert "# a word of my own" in own.read_text("utf-8")
    assert "`enable` takes it back" in invoke("remove", "kept").output
    assert invoke("enable", "kept").exit_code == 0
    assert ids() == {"kept": True}
    # One of one's own at the address of a shipped one, which a later release may be the first to have.
    assert "'kept' watches" in str(invoke("add", "https://kept.example/", "--id", "mine", "--anyway").exception)
    own.write_text(own.read_text("utf-8") + SHIPPED[SHIPPED.rindex("[[") :].replace('"dropped"', '"mine"'), "utf-8")
    assert ids() == {"kept": True, "mine": True}
    assert invoke("remove", "mine").exit_code == 0
    assert ids() == {"kept": True}
    # A release that drops one and renames another breaks nothing.
    shipped.write_text(SHIPPED.replace('"kept"', '"renamed"').replace('"dropped"', '"other"'), "utf-8")
    assert ids() == {"renamed": True, "other": True}
    near = invoke("disable", "renamd")
    assert isinstance(near.exception, UserError) and "renamed" in near.exception.way_out


def test_a_fault_in_the_own_file_names_it_and_its_line(invoke: Invoke, tmp_path: Path) -> None:
    own = tmp_path / "data" / "sources.toml"
    own.parent.mkdir()
    own.write_text('# mine\n[[source]]\nid = "kept"\nenabled = "no"\n', "utf-8")
    with pytest.raises(SourcesError) as error:
        ids()
    assert str(own) in str(error.value) and "line 4" in str(error.value)


def test_what_is_removed_can_be_purged_before_any_run_saw_it(invoke: Invoke, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    workspace.prepare()
    with exclusive(workspace):
        connection = open_warehouse(workspace)
        store_sources(connection, watched(settings()))
        connection.close()
    assert "rests" in str(invoke("purge", "dropped").exception)
    assert invoke("remove", "dropped").exit_code == 0
    purged = invoke("purge", "dropped")
    assert purged.exit_code == 0, purged.exception
    assert "Forgotten of dropped" in purged.output


@pytest.mark.parametrize("where", ["/", None])
def test_settings_and_data_are_found_wherever_one_stands(where: str | None, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "commentary.toml").write_text('contact = "mailto:me@example.org"\nsources = "mine.toml"\n', "utf-8")
    (home / "mine.toml").write_text(SHIPPED, "utf-8")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("COMMENTARY_")}
    done = subprocess.run(
        [COMMENTARY, "sources"],
        cwd=where or tmp_path,
        env={**surroundings, "COMMENTARY_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Dropped" in done.stdout and "2 rows" in done.stdout


def test_without_a_home_the_data_are_the_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMENTARY_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Settings().home == ROOT / "data"
    monkeypatch.chdir(ROOT)
    assert Settings().home == Path("data")
    (tmp_path / "commentary.toml").write_text('home = "there"\n', "utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert Settings().home == tmp_path / "there"


def test_sites_that_similar_articles_point_to_are_offered_and_not_asked(
    commentary: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    link = '<a href="https://other.example/2024/05/what-the-nhs-pays-private-hospitals">What the NHS pays</a>'
    for number, name in enumerate(("01", "02", "03")):
        text = (ROOT / "tests/gold/dev/articles" / f"{name}.txt").read_text("utf-8").splitlines()
        body = "".join(f"<p>{line}</p>" for line in text[4:] if line.strip())
        more = link if number < 2 else '<a href="https://twitter.com/nhs/2024/private-hospitals-and-us">NHS</a>'
        page = f"<html><head><title>{text[0]}</title></head><body><article><h1>{text[0]}</h1>{body}<p>See {more}.</p>"
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    added = commentary("add", *sorted(tmp_path.glob("*.html")))
    assert "3 new" in added.stdout, added.stderr
    offered = commentary("sources", "suggest")
    assert offered.returncode == 0, offered.stderr
    assert "https://other.example/" in offered.stdout and "2 articles of" in offered.stdout
    assert "What the NHS pays" in offered.stdout
    assert "twitter" not in offered.stdout
    assert "`commentary sources add URL`" in offered.stdout


def test_every_shipped_source_is_written_and_read_back_as_it_is(tmp_path: Path) -> None:
    from flows.own_sources import add_source, entry_of

    empty = tmp_path / "empty.toml"
    empty.write_text("source = []\n", "utf-8")
    mine = Settings(home=tmp_path, sources=empty)
    shipped = watched(Settings(home=tmp_path / "none"))
    for source in shipped:
        add_source(mine, {**entry_of(source), "homepage": source.homepage})
    assert watched(mine) == shipped

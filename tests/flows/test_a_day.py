"""The day of the operator in docs/operations.md, played command by command over a served site."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command
from tests.flows.archives import archived_path, serve_archive, varied, write_docx, write_warc
from tests.flows.gate import Gate
from tests.web import formats
from tests.web.site import Entry, Host, Site

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
DAY = PAGE[PAGE.index("## A day of the operator") : PAGE.index("## Sources of your own")]
SITE = "https://blog.example"
LINK = '<a href="https://other.example/2024/05/what-the-nhs-pays-private-hospitals">What the NHS pays</a>'


def steps() -> list[tuple[str, list[str]]]:
    """Each command of the day, with the lines that stand below it."""
    lines = "\n".join(re.findall(r"```console\n(.*?)```", DAY, re.DOTALL)).splitlines()
    told: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            told.append((line.removeprefix("$ commentary "), []))
        elif line.strip():
            told[-1][1].append(line)
    return told


@pytest.fixture
def blog() -> Iterator[Host]:
    with Site() as web:
        host = web.host("127.0.0.95")
        serve_archive(host, 20, Gate())
        head = f'<link rel="alternate" type="application/rss+xml" href="{host.url("/feed/")}">'
        host.page("/", f'<html><head>{head}</head><body><a href="/blog/">Blog</a><p>Welcome.</p></body></html>')
        host.rss("/feed/", [Entry(archived_path(number), varied(number)[1]) for number in range(3)])
        yield host


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """What the colleague sent, in the folder where the commands are given."""
    folder = tmp_path / "papers" / "2024"
    folder.mkdir(parents=True)
    write_docx(folder / "minutes.docx", *varied(30)[1:])
    page = formats.article(*varied(31)[1:])
    page = page if isinstance(page, str) else page.decode()
    (folder / "saved.html").write_text(page.replace("</p>", f" {LINK}</p>", 1), "utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "photo-of-a-page.pdf").write_bytes(b"%PDF-1.4\nnothing that can be read\n%%EOF\n")
    write_warc(tmp_path / "crawl.warc.gz", 5)
    return folder


@pytest.mark.usefixtures("papers")
def test_the_day_goes_as_it_is_told(commentary_on_server: Command, blog: Host, tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("source = []\n", "utf-8")
    surroundings = {
        "COMMENTARY_SOURCES": str(tmp_path / "none.toml"),
        "COMMENTARY_ALLOW_HOSTS": json.dumps([blog.name]),
        "COMMENTARY_HOST_DELAY": "0",
        "COLUMNS": "400",
    }
    played = steps()
    assert len(played) >= 12
    for command, lines in played:
        done = commentary_on_server(*shlex.split(command.replace(SITE, blog.root)), **surroundings)
        allowed = {0, 1} if command == "status" else {0}  # here no run is scheduled
        assert done.returncode in allowed, f"{command}: {done.stderr[-2000:]}"
        said = " ".join((done.stdout + done.stderr).split())
        for line in lines:
            assert line.replace(SITE, blog.root) in said, f"{command}\n{done.stdout}{done.stderr}"

"""The file of sources: what it may say, and that errors lead to the entry."""

import tomllib
from pathlib import Path

import pytest

from extractors.web.address import canonical, resolve, same_site
from extractors.web.discover.links import Link, candidates
from extractors.web.model import Source
from extractors.web.outcomes import new_endpoint
from extractors.web.sources import SourcesError, read_sources
from tests.web.clock import DAY_ONE

SHIPPED = Path(__file__).parents[2] / "seeds" / "sources.toml"
ENTRY = '[[source]]\nid = "a"\nname = "A"\nsector = "think tank"\naddress = "https://www.a.uk/blog/"\n'


def _load(tmp_path: Path, text: str) -> tuple[Source, ...]:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return read_sources(path)


def test_a_source_needs_little(tmp_path: Path) -> None:
    (source,) = _load(tmp_path, ENTRY)
    assert (source.source_id, source.kind, source.language, source.enabled) == ("a", "site", "en", True)
    assert source.homepage == "https://www.a.uk/"
    assert not source.verified


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('kind = "blog"', "kind (line 6): is 'blog', should be 'site', "),
        ('langauge = "en"', "unknown key 'langauge'"),
        ("enabled = 1", "enabled (line 6): is 1, should be true or false"),
        ('include = ["("]', "not a regular expression"),
        ("include = [1]", "include, item 1 (line 6): is 1, should be a text in quotes"),
        ('selector = "p["', "not a CSS selector"),
        ('language = "English"', "language (line 6): is 'English', should match"),
        ('homepage = "www.a.uk"', "homepage (line 6): cannot be asked for"),
        (ENTRY, "the id is used twice"),
        (ENTRY.replace('"a"', '"b"'), "has the address of 'a'"),
    ],
)
def test_errors_name_file_and_source(tmp_path: Path, added: str, said: str) -> None:
    with pytest.raises(SourcesError) as error:
        _load(tmp_path, ENTRY + added)
    assert said in str(error.value)
    assert "sources.toml, source" in str(error.value)


SECOND = ENTRY.replace('"a"', '"b"').replace("www.a.uk", "www.b.uk")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ENTRY + SECOND + 'kind = "rumour"\n', 11),
        (ENTRY + SECOND + "colour = 3\n", 11),
        (ENTRY + SECOND.replace('"think tank"', '""'), 9),
        (ENTRY + SECOND.replace("name", "nom"), 6),
        (ENTRY + SECOND + ENTRY, 11),
        (ENTRY + SECOND.replace('id = "b"\nname = "A"', 'name = "B"'), 6),
        (ENTRY + SECOND.replace('"b"', "true"), 7),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SourcesError, match=rf"\(line {line}\)"):
        _load(tmp_path, text)


@pytest.mark.parametrize(
    "text", ['source = [{id = "a"}]', "[[source]]\nid = 7\n", "[[sorce]]\n", 'a = 1\n[[source]]\nid = "x"\n']
)
def test_a_file_in_any_form_has_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourcesError, match=r"\(line \d\)"):
        _load(tmp_path, text)


@pytest.mark.parametrize("missing", ["id", "name", "sector", "address"])
def test_what_is_needed_is_asked_for(tmp_path: Path, missing: str) -> None:
    kept = "\n".join(line for line in ENTRY.splitlines() if not line.startswith(missing))
    with pytest.raises(SourcesError, match=f"lacks '{missing}'"):
        _load(tmp_path, kept)


def test_addresses_with_credentials_are_refused_without_repeating_them(tmp_path: Path) -> None:
    with pytest.raises(SourcesError) as error:
        _load(tmp_path, ENTRY.replace("www.a.uk", "me:secret@www.a.uk"))
    assert "secret" not in str(error.value)


def test_the_shipped_file_watches_the_seeds_publishers_and_more() -> None:
    sources = {source.source_id: source for source in read_sources(SHIPPED)}
    assert {"hill-dickinson", "zpb-associates", "practicus", "pro-manchester", "reform"} <= set(sources)
    assert len(sources) >= 25
    assert len({source.sector for source in sources.values()}) >= 8


def test_each_seed_would_be_found_by_its_publishers_source() -> None:
    """The seeds' own addresses pass their sources' patterns, in whatever form the sites write them."""
    manifest = tomllib.loads((SHIPPED.parent / "manifest.toml").read_text(encoding="utf-8"))
    sources = read_sources(SHIPPED)
    for article in manifest["article"]:
        seed = article["url"]
        (source,) = [source for source in sources if same_site(source.homepage, seed)]
        endpoint = new_endpoint(source.homepage, "x", "sitemap", role="watch", found_by="link", now=DAY_ONE)
        other_form = seed.replace("https://", "http://").rstrip("/") + "/?utm_source=feed"
        link = resolve(source.homepage, other_form)
        assert link is not None
        (candidate,) = candidates([Link(link)], source, endpoint, DAY_ONE)
        assert candidate.url == canonical(seed)

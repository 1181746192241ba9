"""The folder of seeds: the manifest's word, what is put aside, what stops the reading."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.settings import PACKAGED_SEEDS, UserError
from flows.steps.seeds import Seeds, find_seeds

NOW = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
TEXT = "Title: T\n\nSome text.\n"


def found(folder: Path) -> Seeds:
    return find_seeds(folder, lambda data: hashlib.sha256(data).hexdigest(), NOW)


def folder(path: Path, manifest: str | None, **files: str | bytes) -> Path:
    (path / "articles").mkdir()
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (path / "articles" / f"{name}.txt").write_bytes(data)
    if manifest is not None:
        (path / "manifest.toml").write_text(manifest, encoding="utf-8")
    return path


def test_the_packaged_seeds_are_all_described() -> None:
    seeds = found(PACKAGED_SEEDS)
    assert len(seeds.material) == 5
    assert (seeds.put_aside, seeds.missing) == ((), ())
    assert all(material.publisher and material.url.startswith("https://") for material in seeds.material)
    assert {material.published.on for material in seeds.material if material.published} == {
        date(2019, 1, 25),
        date(2019, 2, 6),
        date(2016, 7, 20),
    }


def test_a_folder_without_a_manifest_is_read_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT)
    (tmp_path / "page.html").write_text("<p>x</p>")
    (tmp_path / "notes.odt").write_text("not read")
    material = found(tmp_path).material
    assert [(one.name, one.url, one.content_type) for one in material] == [
        ("one.txt", "seed:one.txt", "text/plain"),
        ("page.html", "seed:page.html", "text/html"),
    ]


def test_a_missing_folder_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        found(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in caught.value.message
    assert "--seeds" in caught.value.way_out


def test_a_manifest_that_is_no_toml_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"manifest\.toml.*not valid TOML"):
        found(folder(tmp_path, "[[article]\n", one=TEXT))


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('file = "one.txt"\npublishd = "2020"', "unknown key 'publishd'"),
        ('file = "one.txt"\npublished = "last week"', "published: is 'last week', should be YYYY-MM-DD"),
        ('file = "one.txt"\ntitle = 7', "title: is 7, should be a text in quotes"),
        ('file = "one.txt"\nauthors = ["A B", 3]', "authors, item 2: is 3"),
        ('file = "one.txt"\nurl = "example.org/x"', "url: is 'example.org/x', should be an address"),
        ('title = "no file"', "lacks 'file'"),
    ],
)
def test_a_broken_entry_puts_its_file_aside_and_the_rest_goes_on(tmp_path: Path, entry: str, problem: str) -> None:
    seeds = found(folder(tmp_path, f'[[article]]\n{entry}\n\n[[article]]\nfile = "two.txt"\n', one=TEXT, two=TEXT))
    assert "two.txt" in {material.name for material in seeds.material}
    (fault,) = seeds.put_aside
    assert problem in fault.message
    assert "manifest.toml, article 1" in fault.message
    if "one.txt" in entry:
        assert {material.name for material in seeds.material} == {"two.txt"}


def test_two_entries_with_one_address_are_not_both_read(tmp_path: Path) -> None:
    manifest = "".join(
        f'[[article]]\nfile = "{name}.txt"\nurl = "{url}"\n'
        for name, url in (("one", "https://a.org/x/"), ("two", "http://www.a.org/x?utm_source=y"))
    )
    seeds = found(folder(tmp_path, manifest, one=TEXT, two=TEXT))
    assert [material.name for material in seeds.material] == ["one.txt"]
    assert "the same address as one.txt" in seeds.put_aside[0].message


def test_an_empty_file_and_a_missing_one(tmp_path: Path) -> None:
    seeds = found(folder(tmp_path, '[[article]]\nfile = "gone.txt"\n', one="  \n", two=TEXT))
    assert [material.name for material in seeds.material] == ["two.txt"]
    assert [(fault.error_type, "one.txt is empty" in fault.message) for fault in seeds.put_aside] == [("empty", True)]
    assert [entry.file for entry in seeds.missing] == ["gone.txt"]

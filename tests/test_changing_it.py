"""docs/changing-it.md names files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`((?:extractors|warehouse|flows|tests|docs|seeds)/[\w./-]+)`")
PAGE = (ROOT / "docs/changing-it.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(NAMED.findall(PAGE))))
def test_files_named_are_there(path: str) -> None:
    if "NN_" in path:
        path = str(Path(path).parent)
    assert (ROOT / path).exists()


def test_each_of_the_five_changes_names_files() -> None:
    parts = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:6]
    assert [part.partition("\n")[0] for part in parts] == [
        "A theme", "A unit", "A column of `figures`", "A kind of source", "A view",
    ]  # fmt: skip
    assert all(NAMED.search(part) for part in parts)

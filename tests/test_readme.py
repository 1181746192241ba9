"""The README claims nothing that its commands do not show."""

import re
from pathlib import Path

import pytest

from flows.cli import COMMANDS
from tests.readme import README, Example, examples, printed
from tests.warehouse.cookbook import seed_warehouse

TEXT = README.read_text("utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_warehouse(tmp_path_factory.mktemp("readme")).home


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.command[:60])
def test_an_example_prints_what_the_readme_shows(home: Path, example: Example) -> None:
    assert printed(example.command, home) == example.output, (
        "run `python -m tests.readme --update`, read the difference"
    )


def test_every_command_is_in_the_readme() -> None:
    named = set(re.findall(r"`commentary ([a-z-]+)", TEXT)) | set(re.findall(r", `([a-z-]+)[ `]", TEXT))
    assert set(COMMANDS) <= named


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", TEXT))
def test_links_lead_somewhere(link: str) -> None:
    assert (README.parent / link).exists()


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (README.parent / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target

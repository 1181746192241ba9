"""The shape of the project: imports go one way, files and functions stay small, nothing is left unfinished."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("extractors", "warehouse", "flows", "seeds")
# Folder and what it may import of ours and of the outside world it must not touch.
ALLOWED = {
    "extractors": {"extractors"},
    "warehouse": {"extractors", "warehouse"},
    "flows": {"extractors", "warehouse", "flows", "seeds"},
    "seeds": set(),
}
FORBIDDEN = {
    "extractors": {"prefect", "duckdb", "click", "rich", "requests", "urllib3", "socket", "http", "ssl"},
    "warehouse": {"prefect", "click", "rich", "requests", "urllib3", "socket", "http"},
    "flows": set(),
    "seeds": set(),
}
NETWORK_FOLDER = Path("extractors/web")
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


ALL = [path.relative_to(ROOT) for folder in FOLDERS for path in modules(folder)]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", ALL, ids=str)
def test_imports_go_one_way(path: Path) -> None:
    folder = path.parts[0]
    tops = {name.partition(".")[0] for name in imported(path)}
    assert tops & set(FOLDERS) <= ALLOWED[folder]
    assert "tests" not in tops
    if NETWORK_FOLDER not in path.parents:
        assert not tops & FORBIDDEN[folder]
    else:
        assert not tops & {"prefect", "duckdb", "click", "rich"}


@pytest.mark.parametrize("path", [path for path in ALL if path.parts[0] == "extractors"], ids=str)
def test_extractors_never_ask_the_clock(path: Path) -> None:
    if path == NETWORK_FOLDER / "clock.py":
        pytest.skip("the one place that offers the real clock")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    calls = {
        (node.func.value.id, node.func.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }
    assert not calls & CLOCK_CALLS


@pytest.mark.parametrize("path", ALL, ids=str)
def test_files_and_functions_are_small(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False)
            length = (node.end_lineno or 0) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            assert length <= 40, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", ALL, ids=str)
def test_nothing_is_left_unfinished(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    for mark in ("TO" + "DO", "FIX" + "ME", "X" * 3, "raise NotImplemented" + "Error"):
        assert mark not in text
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), f"{path}: a module says what it is for"


def test_the_top_level_has_no_other_code_folder() -> None:
    known = {"flows", "extractors", "warehouse", "seeds", "tests", "docs", "data"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert {name for name in folders if not name.endswith(".egg-info")} <= known


def test_dependencies_are_justified() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    decisions = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    for requirement in project["project"]["dependencies"]:
        name = requirement.split(">")[0].split("=")[0].split("<")[0].split("[")[0].strip()
        assert f"`{name}`" in decisions, f"{name} has no line in docs/decisions.md"

"""The shape of the project: imports go one way, files and functions stay small, nothing is left unfinished."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
NETWORK_FORBIDDEN = {"prefect", "duckdb", "click", "rich"}
CLOCK = NETWORK_FOLDER / "settings.py"
MOST_PARAMETERS = 6  # more are a thing of their own that has no name yet
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_FILE = 600  # a subject fits; a smaller cap only made people split one subject over several files
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


ALL = [path.relative_to(ROOT) for folder in FOLDERS for path in modules(folder)]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def test_imports_go_one_way() -> None:
    wrong = [f"{path}: {', '.join(sorted(names))}" for path in ALL if (names := forbidden_imports(path))]
    assert not wrong


def forbidden_imports(path: Path) -> set[str]:
    """The packages that a module imports and must not."""
    folder = path.parts[0]
    tops = {name.partition(".")[0] for name in imported(path)}
    outside = NETWORK_FORBIDDEN if NETWORK_FOLDER in path.parents else FORBIDDEN[folder]
    return (tops & set(FOLDERS)) - ALLOWED[folder] | tops & ({"tests"} | outside)


def test_extractors_never_ask_the_clock() -> None:
    """But for the one module that offers the real clock."""
    asking = [path for path in ALL if path.parts[0] == "extractors" and path != CLOCK and calls(path) & CLOCK_CALLS]
    assert not asking


def calls(path: Path) -> set[tuple[str, str]]:
    """Every `name.method(...)` of a module, as pairs."""
    return {
        (node.func.value.id, node.func.attr)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }


def test_files_hold_a_subject_and_no_more() -> None:
    assert not [
        f"{path}: {lines} lines" for path in ALL if (lines := len(text(path).splitlines())) > MOST_LINES_OF_A_FILE
    ]


def test_functions_are_short() -> None:
    most = MOST_LINES_OF_A_FUNCTION
    long = [f"{path}:{one.lineno} {one.name}: {n}" for path, one in functions() if (n := length(one)) > most]
    assert not long


def test_functions_take_few_parameters() -> None:
    most = MOST_PARAMETERS
    greedy = [f"{path}:{one.lineno} {one.name}: {n}" for path, one in functions() if (n := parameters(one)) > most]
    assert not greedy


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many things a caller can hand over, by place or by name."""
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([one for one in named if one.arg not in {"self", "cls"}])


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in ALL:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    doc = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def test_no_module_stands_beside_a_folder_of_its_name() -> None:
    assert not [path for path in ALL if (ROOT / path).with_suffix("").is_dir()]


def test_names_say_which_way_data_goes() -> None:
    """`read_*` from files and bytes, `stored_*` from the database, `store_*` into it."""
    either_way = [
        f"{path}: {one.name}" for path, one in functions() if one.name.lstrip("_").startswith(("load_", "save_"))
    ]
    assert either_way == ["warehouse/search.py: load_fts"], "but for what DuckDB itself calls loading an extension"


def test_nothing_is_left_unfinished() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "raise NotImplemented" + "Error")
    assert not [f"{path}: {mark}" for path in ALL for mark in marks if mark in text(path)]


def test_a_module_says_what_it_is_for() -> None:
    assert not [path for path in ALL if text(path).strip() and not ast.get_docstring(tree(path))]


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

"""The version of the extractors: a fingerprint of what their code and lexicons mean, so that it cannot be forgotten."""

import ast
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent
# What decides what is found in given bytes, or which article is whose copy. `web` only brings the bytes; the codebook
# has a version of its own.
_PARTS = ("actors", "article", "duplicates.py", "figures", "relevance", "text", "themes")


@cache
def extractor_version() -> str:
    """Twelve hex digits that change whenever code or data of the extractors comes to mean something else.

    Comments, docstrings and layout do not change it. Articles that were coded with another version are out of date,
    and `commentary reextract` recodes them.
    """
    return fingerprint(_FOLDER, _PARTS)


def fingerprint(folder: Path, parts: tuple[str, ...]) -> str:
    """The fingerprint of files and folders in `folder`: their names, and what Python, TOML and tables in them say."""
    digest = sha256()
    for path in _files(folder, parts):
        meaning = _MEANING.get(path.suffix)
        if meaning is not None:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(meaning(path.read_bytes()))
    return digest.hexdigest()[:12]


def _files(folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        path = folder / part
        yield from [path] if path.is_file() else sorted(path.rglob("*"))


def _python(source: bytes) -> bytes:
    """The syntax tree without places in the file and without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [line for line in node.body if not _is_text(line)]
    return ast.dump(tree).encode()


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


def _toml(source: bytes) -> bytes:
    """The tables in the order in which they stand, since the order of cues and words can decide between them."""
    return repr(tomllib.loads(source.decode())).encode()


_MEANING: Mapping[str, Callable[[bytes], bytes]] = {".py": _python, ".toml": _toml, ".tsv": bytes}

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
_PARTS = ("actors", "article", "duplicates.py", "figures", "lexicon.py", "relevance", "speech", "text", "themes")


_taken_over: list[str] = []


def take_over(version: str) -> None:
    """Let this process know the version that another one of the same code worked out: that takes half a second."""
    _taken_over[:] = [version]


def extractor_version() -> str:
    """Twelve hex digits that change whenever code or data of the extractors comes to mean something else.

    Comments, docstrings and layout do not change it. Articles that were coded with another version are out of date,
    and `commentary reextract` recodes them.
    """
    return _taken_over[0] if _taken_over else _own()


@cache
def _own() -> str:
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
    told: list[str] = []
    _tell(ast.parse(source), told)
    return " ".join(told).encode()


def _tell(node: object, told: list[str]) -> None:
    """Tell what a node says; whether a name is read or written (`ctx`) follows from where it stands."""
    if isinstance(node, ast.AST):
        told.append(type(node).__name__)
        for field in node._fields:
            if field != "ctx":
                _tell(getattr(node, field, None), told)
    elif isinstance(node, list):
        told.append("[")
        for one in node:
            if not _is_text(one):
                _tell(one, told)
        told.append("]")
    else:
        told.append(repr(node))


def _is_text(line: object) -> bool:
    """Whether a line is a docstring, or a text that stands where one could."""
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


def _toml(source: bytes) -> bytes:
    """The tables in the order in which they stand, since the order of cues and words can decide between them."""
    return repr(tomllib.loads(source.decode())).encode()


_MEANING: Mapping[str, Callable[[bytes], bytes]] = {".py": _python, ".toml": _toml, ".tsv": bytes}

"""Linguistic knowledge that is kept as TOML: read into models, with errors that name the file and the entry."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails


class LexiconError(ValueError):
    """A TOML file of the project, or one that a user supplied, cannot be used as it stands.

    The message names the file, the entry, what is wrong and what was expected.
    """

    def __init__(self, file: Path | str, entry: str, problem: str) -> None:
        self.file = str(file)
        self.entry = entry
        self.problem = problem
        where = f"{self.file}, {entry}" if entry else self.file
        super().__init__(f"{where}: {problem}")


class Table(BaseModel):
    """A table of a TOML file. A value of another type and a key that is not known are errors: both are slips."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _split(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a text of words separated by white space")
    return frozenset(value.split())


def _listed(value: object) -> object:
    if not isinstance(value, list):
        raise ValueError(f"is {_shown(value)}, expected a list")  # noqa: TRY004 - pydantic gathers ValueErrors only
    return tuple(dict.fromkeys(value))


def _filled(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(value.strip() for value in values):
        raise ValueError("one of the list is empty")
    return values


def _lower(values: Iterable[str]) -> Any:  # noqa: ANN401 - of the type that it was given
    for value in values:
        if value != value.lower():
            raise ValueError(f"{value!r} is not in lower case")
    return values


def _forms(value: object) -> object:
    if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
        raise ValueError("expected a list of lines, each a word in all its forms")
    return frozenset(form for line in value for form in line.split())


Filled = Annotated[str, StringConstraints(min_length=1)]
# A text of words between white space, as in `words = "is are was were"`.
Words = Annotated[frozenset[str], BeforeValidator(_split)]
LowerWords = Annotated[Words, AfterValidator(_lower)]
# A list of phrases, each once.
Phrases = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_filled)]
LowerPhrases = Annotated[Phrases, AfterValidator(_lower)]
# All words of a list of lines, each line one word in all its forms.
Forms = Annotated[frozenset[str], BeforeValidator(_forms), AfterValidator(_lower)]
# A unit and how many of it a word stands for, as in `fortnight = ["day", 14]`.
Pair = Annotated[tuple[str, float], Strict(False)]


M = TypeVar("M", bound=BaseModel)


def read_lexicon(path: Path, model: type[M]) -> M:
    """Read one TOML file as the tables that it is to hold.

    Raises:
        LexiconError: the file cannot be read, or an entry is missing, unknown or of another type.
    """
    return checked(path, "", read_toml(path), model)


def checked(file: Path, entry: str, value: object, model: type[M]) -> M:
    """A value that was read from a file, as a model of what is to stand there.

    Raises:
        LexiconError: it names the file, the entry, the first thing that is wrong and what was expected.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        place, problem = _first_problem(error.errors()[0], model)
        where = ".".join(part for part in (entry, place) if part)
        raise LexiconError(file, where, problem) from None


def _first_problem(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Where it is, in words, and what is wrong."""
    place = [part for part in error["loc"] if part != "[key]"]
    if error["type"] in {"missing", "extra_forbidden"}:
        wrong = "lacks" if error["type"] == "missing" else "unknown key"
        if isinstance(place[-1], int):
            return _named(place[:-1]), f"{wrong} item {place[-1] + 1}"
        return _named(place[:-1]), f"{wrong} '{place[-1]}'; known are {', '.join(_known(model, place[:-1]))}"
    if error["type"] == "value_error":
        return _named(place), str(error["ctx"]["error"])
    expected = error["msg"].replace("Input should be", "expected")
    if place != list(error["loc"]):
        return _named(place[:-1]), f"'{place[-1]}': {expected}"
    return _named(place), f"is {_shown(error['input'])}, {expected}"


def _named(place: Iterable[int | str]) -> str:
    return "".join(f", item {part + 1}" if isinstance(part, int) else f".{part}" for part in place).lstrip("., ")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _known(model: type[BaseModel], place: Iterable[int | str]) -> list[str]:
    """The keys that may stand at a place of a model."""
    kind: Any = model
    for part in place:
        inner = kind.model_fields[part].annotation if _is_model(kind) and part in kind.model_fields else kind
        while not _is_model(inner) and getattr(inner, "__args__", None):
            inner = inner.__args__[-1]
        kind = inner
    return sorted(kind.model_fields) if _is_model(kind) else []


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read one TOML file.

    Raises:
        LexiconError: the file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(path, "", "the file does not exist") from None
    except OSError as error:
        raise LexiconError(path, "", f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LexiconError(path, "", f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(path, "", f"not valid TOML: {error}") from error


def expect_keys(
    file: Path,
    entry: str,
    table: Mapping[str, Any],
    *,
    required: Mapping[str, type],
    optional: Mapping[str, type],
) -> None:
    """Check one table's keys and the types of their values; an unknown key is an error, since it is a misspelling.

    Raises:
        LexiconError: a key is missing, unknown or of another type.
    """
    for key, kind in required.items():
        if key not in table:
            raise LexiconError(file, entry, f"lacks '{key}' ({kind.__name__})")
    for key, value in table.items():
        expected = required.get(key) or optional.get(key)
        if expected is None:
            known = ", ".join(sorted({*required, *optional}))
            raise LexiconError(file, entry, f"unknown key '{key}'; known are {known}")
        if not isinstance(value, expected) and not (expected is float and isinstance(value, int)):
            raise LexiconError(file, entry, f"'{key}' is {type(value).__name__}, expected {expected.__name__}")

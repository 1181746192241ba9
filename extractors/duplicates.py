"""Near-duplicates: the same article under another address, with another header, footer or a shortened end.

Word 5-shingles are the fingerprint: a run of five words is rarely shared by texts that were written apart, even on one
subject, while boilerplate added to a page changes only the shingles it brings. MinHash keeps a kilobyte of them an
article, from which the Jaccard similarity of the two sets of shingles can be read with a standard error of at
most 1 / (2 * sqrt(256)) = 0.03.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from extractors.text import fold

THRESHOLD = 0.45
"""Similarity from which two articles count as one text.

What lowers the similarity of a copy, for 400 to 600 words (tests/duplicates measures each): a header and footer of 60
words leave 0.8 to 0.9; ten scattered edits, each of which costs up to five shingles on both sides, 0.7 to 0.8; a tail
cut by a third 0.65 to 0.7; all of these together about 0.6, seldom less than 0.5. What stays below: two yearly reports
that share half of their sentences word for word reach 0.33, and different articles on one subject 0.01. The threshold
lies four standard errors above the one and well below the other. A teaser that keeps less than half of the text is
below it on purpose: it is not the article.
"""

_SHINGLE_WORDS = 5
_PERMUTATIONS = 256
# The seed and the way of hashing are part of the stored format: signatures made otherwise cannot be compared. They are
# those of datasketch 2's MinHash(num_perm=256, seed=1, scheme="affine32"), which made the first signatures.
_SEED = 1
_BLOCK_SHINGLES = 4096  # so many are permuted at once: 4 MB
_DTYPE = np.dtype("<u4")
FORMAT = b"\x01"
"""The first byte of every signature. It changes with the seed and the way of hashing."""
_WORD = re.compile(r"\w+")

SIGNATURE_BYTES = len(FORMAT) + _PERMUTATIONS * _DTYPE.itemsize
"""Length of every signature: a format byte and 256 little-endian 32-bit minima."""


def signature(article_text: str) -> bytes:
    """The storable MinHash signature of a text: the same in every process and on every machine.

    Case, punctuation, typography and white space do not count. A text of fewer than five words is one shingle; one
    without words has a signature that resembles nothing, not even itself.
    """
    hashes = _hashes(_shingles(article_text))
    factors, offsets = _permutations()
    minima = np.full(_PERMUTATIONS, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(hashes), _BLOCK_SHINGLES):
        permuted = hashes[start : start + _BLOCK_SHINGLES, np.newaxis] * factors + offsets
        np.minimum(minima, permuted.min(axis=0), out=minima)
    return FORMAT + minima.astype(_DTYPE).tobytes()


def similarity(a: bytes, b: bytes) -> float:
    """Estimated Jaccard similarity, 0..1, of the two texts' sets of word 5-shingles.

    Raises:
        ValueError: one of them is not a signature of the present format.
    """
    return float(_similarities(_minima(a), _minima(b)[np.newaxis, :])[0])


def find_near_duplicates(
    new: Mapping[str, bytes], known: Mapping[str, bytes], *, threshold: float = THRESHOLD
) -> dict[str, str]:
    """For each new article that repeats an older one, the id of that older one.

    Both mappings go from article_id to signature, **oldest first**: the original is the most similar article among the
    known ones and the new ones before it, the oldest where several are equally similar. An article that is itself
    found to be a copy is never the original of another, so groups have one head and no chains; for that, `known`
    should hold only articles whose own `duplicate_of` is empty. An id in both mappings is an edit: it is no copy of
    its own old text, stays where it was in the order, and the other new articles are compared with its new text.

    Every new signature is compared with all known ones at once (numpy): 20,000 known take 25 MB and about 2 ms a new
    article, exactly. An LSH index over as many takes datasketch 12 to 14 s to build, which each run would pay again.

    Raises:
        ValueError: a signature is not of the present format.
    """
    current = {**known, **{name: stored for name, stored in new.items() if name in known}}
    added = [name for name in new if name not in known]
    ids = [*current, *added]
    minima = _all_minima([current[name] if name in current else new[name] for name in ids])
    low_bytes = minima.astype(np.uint8)
    eligible = np.arange(len(ids)) < len(current)
    originals: dict[str, str] = {}
    for row, name in enumerate(added, start=len(current)):
        original = _most_similar(minima[: row + 1], low_bytes[: row + 1], eligible[:row], threshold)
        if original is None:
            eligible[row] = True
        else:
            originals[name] = ids[original]
    return originals


def _most_similar(
    minima: npt.NDArray[np.uint32],
    low_bytes: npt.NDArray[np.uint8],
    eligible: npt.NDArray[np.bool_],
    threshold: float,
) -> int | None:
    """The eligible row that is most similar to the last one, if it is similar enough.

    What is equal has equal low bytes: comparing these first leaves few rows to compare in full.
    """
    equal = (low_bytes[:-1] == low_bytes[-1]).view(np.uint64).sum(axis=1, dtype=np.uint64)
    # Eight truth values were added at once, as the bytes of one number: at most 32 in each byte.
    most = equal.view(np.uint8).reshape(-1, 8).sum(axis=1) / _PERMUTATIONS
    near = np.flatnonzero(eligible & (most >= threshold))
    if not len(near):
        return None
    scores = _similarities(minima[-1], minima[near])
    best = int(scores.argmax())
    return int(near[best]) if scores[best] >= threshold else None


def _similarities(one: npt.NDArray[np.uint32], many: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    # The minimum of an empty set is the largest value everywhere; two empty texts are not copies of each other.
    if bool((one == np.iinfo(np.uint32).max).all()):
        return np.zeros(len(many))
    shares: npt.NDArray[np.float64] = np.count_nonzero(many == one, axis=1) / _PERMUTATIONS
    return shares


def _minima(stored: bytes) -> npt.NDArray[np.uint32]:
    minima: npt.NDArray[np.uint32] = _all_minima([stored])[0]
    return minima


def _all_minima(stored: Sequence[bytes]) -> npt.NDArray[np.uint32]:
    """The minima of signatures, a row each."""
    for one in stored:
        if len(one) != SIGNATURE_BYTES or not one.startswith(FORMAT):
            raise ValueError(
                f"not a signature of format {FORMAT[0]}: {len(one)} bytes, expected {SIGNATURE_BYTES}; compute it anew"
            )
    rows = np.frombuffer(b"".join(stored), np.uint8).reshape(len(stored), SIGNATURE_BYTES)[:, len(FORMAT) :]
    minima: npt.NDArray[np.uint32] = np.ascontiguousarray(rows).view(_DTYPE).astype(np.uint32, copy=False)
    return minima


@cache
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and offsets of the permutations hash * factor + offset modulo 2^32; odd factors make them bijections.

    NumPy promises that `RandomState` gives the same numbers for a seed in every version.
    """
    dice = np.random.RandomState(_SEED)
    factors = dice.randint(0, 1 << 31, _PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, dice.randint(0, 1 << 32, _PERMUTATIONS, dtype=np.uint32)


def _hashes(shingles: set[bytes]) -> npt.NDArray[np.uint32]:
    """32 bits of each shingle's SHA-1, mixed by the last step of MurmurHash3, as near words are not to be near."""
    digests = b"".join(hashlib.sha1(shingle, usedforsecurity=False).digest()[:4] for shingle in shingles)
    mixed = np.frombuffer(digests, _DTYPE).astype(np.uint32)
    mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(16))


def _shingles(text: str) -> set[bytes]:
    words = _WORD.findall(fold(text).casefold())
    if not words:
        return set()
    last = max(1, len(words) - _SHINGLE_WORDS + 1)
    return {" ".join(words[start : start + _SHINGLE_WORDS]).encode() for start in range(last)}

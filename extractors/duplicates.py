"""Near-duplicates: the same article under another address, with another header, footer or a shortened end.

Word 5-shingles are the fingerprint: a run of five words is rarely shared by texts that were written apart, even on one
subject, while boilerplate added to a page changes only the shingles it brings. MinHash keeps a kilobyte of them an
article, from which the Jaccard similarity of the two sets of shingles can be read with a standard error of at
most 1 / (2 * sqrt(256)) = 0.03.
"""

import hashlib
import re
from collections import defaultdict
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

_BAND_MINIMA = 3
# Odd numbers of 64 bits whose bits are even: those of the golden ratio, xxHash and MurmurHash3's finaliser.
_BAND_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xFF51AFD7ED558CCD)
BANDS = -(-_PERMUTATIONS // _BAND_MINIMA)
"""Bands of a signature: 86 of three minima each, of which the last takes two of the first again."""

BAND_BITS, BUCKET_BITS, KEY_BITS = 38, 18, 20
"""A stored band lies in the bucket that its upper bits name, beside a number of so many bits for its article: the rest
of the band and the number fill five bytes."""
_REST_BITS = BAND_BITS - BUCKET_BITS
_ENTRY_BYTES = (_REST_BITS + KEY_BITS) // 8

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


def bands(stored: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    """The bands of signatures, a row of `BANDS` hashes for each: two texts of one hash may be nearly the same.

    Of texts that resemble each other by `THRESHOLD` 9,997 pairs in 10,000 have one in common, of texts that share a
    tenth 8 in 100, and of those that share a hundredth 1 in 10,000. They are stored: they change with `FORMAT` only.

    Raises:
        ValueError: a signature is not of the present format.
    """
    return _bands(_all_minima(stored))


def bucketed(
    hashes: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], tuple[bytes, ...]]:
    """Bands with the keys of their articles as they are stored: buckets in order, what each holds, and its entries.

    An entry is the rest of a band and a key in five little-endian bytes. A look-up reads as a whole the buckets that it
    asks for, each of them a 262,144th of what is stored, and no other.
    """
    pairs = np.sort(hashes << np.uint64(KEY_BITS) | keys)
    buckets, starts, counts = np.unique(
        pairs >> np.uint64(_REST_BITS + KEY_BITS), return_index=True, return_counts=True
    )
    raw = pairs.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :_ENTRY_BYTES].tobytes()
    ends = ((starts + counts) * _ENTRY_BYTES).tolist()
    entries = tuple(raw[start:end] for start, end in zip((starts * _ENTRY_BYTES).tolist(), ends, strict=True))
    return buckets.astype(np.uint32), counts.astype(np.uint32), entries


def unbucketed(stored: Sequence[tuple[int, bytes]]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """The bands and keys of stored buckets, each with its entries, in their order."""
    buckets, entries = [bucket for bucket, _ in stored], [one for _, one in stored]
    eights = np.zeros((sum(map(len, entries)) // _ENTRY_BYTES, 8), np.uint8)
    eights[:, :_ENTRY_BYTES] = np.frombuffer(b"".join(entries), np.uint8).reshape(-1, _ENTRY_BYTES)
    rests = np.frombuffer(eights.tobytes(), "<u8").astype(np.uint64, copy=False)
    uppers = np.array(buckets, np.uint64) << np.uint64(_REST_BITS)
    hashes = np.repeat(uppers, [len(one) // _ENTRY_BYTES for one in entries]) | (rests >> np.uint64(KEY_BITS))
    return hashes, (rests & np.uint64((1 << KEY_BITS) - 1)).astype(np.uint32)


def find_near_duplicates(new: Mapping[str, bytes], known: Mapping[str, bytes]) -> dict[str, str]:
    """For each new article that repeats an older one, the id of that older one.

    Both mappings go from article_id to signature, **oldest first**: the original is the most similar article among the
    known ones and the new ones before it, the oldest where several are equally similar. An article that is itself
    found to be a copy is never the original of another, so groups have one head and no chains; for that, `known`
    should hold only articles whose own `duplicate_of` is empty. An id in both mappings is an edit: it is no copy of
    its own old text, stays where it was in the order, and the other new articles are compared with its new text.

    Those that have a band in common are compared exactly, so `known` need not hold more than what shares one with
    what is new, and the edits.

    Raises:
        ValueError: a signature is not of the present format.
    """
    current = {**known, **{name: stored for name, stored in new.items() if name in known}}
    added = [name for name in new if name not in known]
    ids = [*current, *added]
    minima = _all_minima([current[name] if name in current else new[name] for name in ids])
    hashes = _bands(minima)
    asked = np.isin(hashes, hashes[len(current) :])  # the bands that anything new has
    eligible: dict[int, list[int]] = defaultdict(list)
    originals: dict[str, str] = {}
    for row, name in enumerate(ids):
        own = hashes[row][asked[row]].tolist()
        near = sorted({other for band in own for other in eligible.get(band, ())}) if row >= len(current) else []
        original = _most_similar(minima[row], minima, near)
        if original is not None:
            originals[name] = ids[original]
            continue
        for band in own:
            eligible[band].append(row)
    return originals


def _most_similar(one: npt.NDArray[np.uint32], minima: npt.NDArray[np.uint32], near: Sequence[int]) -> int | None:
    """The row, of those given, that is most similar to one, if it is similar enough; the first of equals."""
    if not near:
        return None
    scores = _similarities(one, minima[near])
    best = int(scores.argmax())
    return near[best] if scores[best] >= THRESHOLD else None


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


def _bands(minima: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """The upper bits of a sum of three minima, each times a factor of its own; the place of the band counts as well."""
    places = np.arange(BANDS * _BAND_MINIMA).reshape(BANDS, _BAND_MINIMA) % _PERMUTATIONS
    factors = np.array(_BAND_FACTORS, np.uint64)
    sums = np.tile(np.arange(BANDS, dtype=np.uint64) * factors[-1], (len(minima), 1))
    for number, factor in enumerate(factors[:-1]):
        sums += minima[:, places[:, number]] * factor
    return sums >> np.uint64(64 - BAND_BITS)


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

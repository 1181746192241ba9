"""Seeded damage to small files, to see that reading them ends in an article or in UnreadableError."""

import random
from collections.abc import Callable, Sequence

from extractors.article.model import UnreadableError


def mutated(data: bytes, rng: random.Random, spice: Sequence[bytes]) -> bytes:
    """`data` after one to six cuts, swaps, repeats, noise bytes or pieces of `spice`."""
    body = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(body) + 1)
        end = min(len(body), start + rng.choice((1, 4, 30, 300)))
        match rng.randrange(6):
            case 0:
                del body[start:end]
            case 1:
                body[start:start] = rng.choice(spice)
            case 2:
                body[start:start] = body[start:end] * rng.randint(1, 8)
            case 3:
                body[start:end] = rng.randbytes(end - start)
            case 4:
                body = body[: max(20, start)]
            case _:
                body[start:start] = rng.choice(spice) * rng.randint(1, 40)
    return bytes(body)


def refusal(read: Callable[[bytes], object], data: bytes) -> UnreadableError | None:
    """The refusal that reading ends in, if it does; any other error escapes."""
    try:
        read(data)
    except UnreadableError as error:
        return error
    return None


def survive(
    read: Callable[[bytes], object], sources: Sequence[bytes], spice: Sequence[bytes], *, seed: int, rounds: int
) -> int:
    """Read `rounds` damaged files, and answer how many were refused; any other error escapes with its input."""
    rng = random.Random(seed)
    refused = 0
    for number in range(rounds):
        data = mutated(rng.choice(sources), rng, spice)
        try:
            refused += refusal(read, data) is not None
        except Exception as error:
            error.add_note(f"seed {seed}, round {number}, on {data!r}")
            raise
    return refused

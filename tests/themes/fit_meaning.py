"""What the small language model learns from coded paragraphs (extractors/themes/meaning.py).

    python -m tests.themes.fit_meaning FILE            fit and keep it in FILE, or read it there; report
    python -m tests.themes.fit_meaning FILE --write    then change meaning.npz

It needs torch, which is no dependency of the project, beside the package with the encoder; install both into an
environment of its own. It takes half an hour of a core.

The encoder stays as it is. To each of its matrices a change of low rank is learned, and on its vectors two layers that
give the themes and the framing of each theme: from the paragraph itself, those beside it, the mean of the others and
the title. It learns from the restated pieces that may be learned from, three times over, and once from the corpus, at a
third of a paragraph's weight. Of the pieces of the later writers, of which cues and words learned nothing, 15 of 100
are held out. On them it is weighed against the score over the threshold and the framing's scores as they stand: a
weight, a constant and a share. No piece kept aside is read. An article as the coder gets it has no title apart, so the
title counts in the end as the mean of what titles said on the pieces held out.
"""

import argparse
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from extractors.article.model import Paragraph
from extractors.themes import FRAMINGS, read_codebook
from extractors.themes.codebook import Codebook
from extractors.themes.coder import Read, read_paragraphs, thresholds_of
from extractors.themes.framing import evaluate
from extractors.themes.meaning import MATRICES, NORMS, TABLE, WordPieces, package_files, read_tensors
from tests.themes.coded import corpus
from tests.themes.restated import MORE, MORE_CODES, Coding, held_out, read_codes, read_pieces

_RANK, _SCALE = 16, 2.0
_SIZE, _LAYERS, _HEADS, _AT_ONCE = 384, 6, 12, 24
_SIDES = {"own": 192, "before": 64, "after": 64, "others": 64, "title": 64}
_LOOKED = ("query", "key", "value")
_ROUNDS, _ARTICLES, _RATE, _DROP = 3, 5, 1e-3, 0.1
_OF_THE_CORPUS = 0.3  # of a paragraph's weight
_OF_THE_FRAMING = 0.5
Array = NDArray[np.float64]
Net = dict[str, Any]
"""The tensors that are learned, by their names in meaning.npz, and those of the encoder, which are frozen."""


@dataclass(frozen=True, slots=True)
class Article:
    """One coded article: what is wanted by paragraph and theme, and what stands without the model."""

    source: str
    name: str
    title: str
    texts: tuple[str, ...]
    wanted: Array
    """The share of the readers that coded the theme."""
    framed: NDArray[np.int64]
    """The framing that was coded, -1 where none was."""
    margins: Array
    framings: Array


def read_articles() -> list[Article]:
    """The pieces that may be learned from, and the corpus."""
    book = read_codebook()
    first = [(piece, read_codes(piece)) for piece in read_pieces() if not piece.kept_aside]
    articles = []
    for piece, codes in (*first, *((piece, read_codes(piece, MORE_CODES)) for piece in read_pieces(MORE))):
        if codes is not None:
            codings = [(codes[paragraph.paragraph_no],) for paragraph in piece.paragraphs]
            about = (piece.name[0], piece.name, piece.about["Title"])
            articles.append(_article(book, about, piece.paragraphs, codings))
    for name, group in groupby(corpus(), key=lambda one: one.article):
        coded = list(group)
        about = ("corpus", name, name.partition(": ")[2])
        articles.append(_article(book, about, [one.paragraph for one in coded], [one.codings for one in coded]))
    return articles


def _article(
    book: Codebook, about: tuple[str, str, str], paragraphs: Sequence[Paragraph], codings: Sequence[Sequence[Coding]]
) -> Article:
    themes = [theme.theme_id for theme in book.themes]
    read = read_paragraphs(book, paragraphs)
    scores = np.array([one.scores for one in read])
    wanted, framed = np.zeros(scores.shape), np.full(scores.shape, -1)
    for row, readers in enumerate(codings):
        for coding in readers:
            for theme, framing in coding.items():
                wanted[row, themes.index(theme)] += 1 / len(readers)
                framed[row, themes.index(theme)] = FRAMINGS.index(framing)
    framings = np.array([_framings(book, one, themes) for one in read])
    texts = tuple(paragraph.text for paragraph in paragraphs)
    return Article(*about, texts, wanted, framed, scores - thresholds_of(book, read, scores), framings)


def _framings(book: Codebook, read: Read, themes: Sequence[str]) -> Array:
    evidence = read.evidence(book)
    evaluation = evaluate(book, read.words, evidence.fired, read.traits, evidence.said)
    scores = [evaluation.cue_scores(theme, evidence.cues.get(theme, ())) for theme in themes]
    words = [book.coding.framing_words * evidence.said.sum(framing) for framing in FRAMINGS]
    return np.array([[one[framing] for framing in FRAMINGS] for one in scores]) + words


def fresh(weights: Mapping[str, NDArray[np.float32]], themes: int) -> Net:
    """A model that has learned nothing."""
    net: Net = {name: torch.tensor(weight) for name, weight in weights.items()}
    for name in net:
        if name.startswith("encoder.") and "LayerNorm" not in name:
            net[name] = net[name].bfloat16()
    for layer in range(_LAYERS):
        for name, theirs in MATRICES.items():
            outputs, inputs = net[f"encoder.layer.{layer}.{theirs}.weight"].shape
            net[f"{layer}.{name}.down"] = torch.randn(_RANK, inputs) / inputs**0.5
            net[f"{layer}.{name}.up"] = torch.zeros(outputs, _RANK)
    for name, size in _SIDES.items():
        linear = torch.nn.Linear(_SIZE, size)
        net[name], net[f"{name}.constant"] = linear.weight.detach(), linear.bias.detach()
    plainly = torch.nn.Linear(_SIZE, themes + len(FRAMINGS))
    net["plainly"], net["plainly.constant"] = plainly.weight.detach(), plainly.bias.detach()
    said = themes * (1 + len(FRAMINGS)) + len(FRAMINGS)
    net["said"], net["said.constant"] = torch.zeros(said, sum(_SIDES.values())), torch.zeros(said)
    net["said.constant"][:themes] = -2.5  # most themes are in few paragraphs
    for name in learned(net):
        net[name].requires_grad_()
    return net


def learned(net: Net) -> list[str]:
    """The names of what is learned."""
    return [name for name in net if not name.startswith(("encoder.", "embeddings.", "pooler."))]


def _times(net: Net, layer: int, name: str, state: Any) -> Any:
    frozen = f"encoder.layer.{layer}.{MATRICES[name]}"
    down, up = (net[f"{layer}.{name}.{way}"].to(state.dtype) for way in ("down", "up"))
    plain = F.linear(state, net[f"{frozen}.weight"], net[f"{frozen}.bias"])
    return plain + _SCALE * F.linear(F.linear(state, down), up)


def _normed(net: Net, name: str, state: Any) -> Any:
    return F.layer_norm(state.float(), (_SIZE,), net[f"{name}.weight"], net[f"{name}.bias"], 1e-12).bfloat16()


def _some_vectors(net: Net, numbers: Sequence[Sequence[int]], drop: float) -> Any:
    lengths = torch.tensor([len(one) for one in numbers])
    there = torch.arange(int(lengths.max()))[None] < lengths[:, None]
    filled = torch.zeros(there.shape, dtype=torch.long)
    filled[there] = torch.tensor([number for one in numbers for number in one])
    words, places, sorts = (net[f"embeddings.{it}_embeddings.weight"] for it in ("word", "position", "token_type"))
    state = _normed(net, "embeddings.LayerNorm", words[filled] + places[: there.shape[1]] + sorts[0])
    for layer in range(_LAYERS):
        parts = (_times(net, layer, name, state).unflatten(-1, (_HEADS, -1)).transpose(1, 2) for name in _LOOKED)
        seen = F.scaled_dot_product_attention(*parts, attn_mask=there[:, None, None])
        mixed = _times(net, layer, "mixed", seen.transpose(1, 2).flatten(2))
        state = _normed(net, f"encoder.layer.{layer}.{NORMS['mixed']}", state + F.dropout(mixed, drop))
        thought = _times(net, layer, "narrow", F.gelu(_times(net, layer, "wide", state)))
        state = _normed(net, f"encoder.layer.{layer}.{NORMS['narrow']}", state + F.dropout(thought, drop))
    return F.normalize((state.float() * there[..., None]).sum(1), dim=-1) * _SIZE**0.5


def vectors(net: Net, numbers: Sequence[Sequence[int]], drop: float = 0.0) -> Any:
    """A vector a text, in order; those of like length are read together."""
    order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
    starts = range(0, len(order), _AT_ONCE)
    parts = [_some_vectors(net, [numbers[place] for place in order[at : at + _AT_ONCE]], drop) for at in starts]
    return torch.cat(parts)[torch.tensor(order).argsort()]


def said(net: Net, pieces: WordPieces, batch: Sequence[Article], drop: float = 0.0) -> tuple[Any, Any]:
    """The logits of the themes, and of the framings of each theme, of all paragraphs of some articles."""
    sizes = [len(one.texts) for one in batch]
    texts = [text for one in batch for text in one.texts] + [one.title for one in batch]
    every = F.dropout(vectors(net, [pieces.numbers(text) for text in texts], drop), drop)
    own, titles = every[: sum(sizes)], every[sum(sizes) :]
    nothing = own.new_zeros(1, _SIZE)
    seen: dict[str, list[Any]] = {name: [] for name in _SIDES}
    for here, title in zip(own.split(sizes), titles, strict=True):
        seen["own"].append(here)
        seen["before"].append(torch.cat([nothing, here[:-1]]))
        seen["after"].append(torch.cat([here[1:], nothing]))
        seen["others"].append((here.sum(0) - here) / max(len(here) - 1, 1))
        seen["title"].append(title.expand(len(here), _SIZE))
    found = [F.linear(torch.cat(seen[name]), net[name], net[f"{name}.constant"]) for name in _SIDES]
    both = F.linear(F.dropout(F.gelu(torch.cat(found, 1)), drop), net["said"], net["said.constant"])
    plainly = F.linear(own, net["plainly"], net["plainly.constant"])
    themes = batch[0].wanted.shape[1]
    framings = both[:, themes : themes + 4] + plainly[:, themes:]
    return both[:, :themes] + plainly[:, :themes], framings[:, None] + both[:, themes + 4 :].unflatten(1, (themes, 4))


def _loss(net: Net, pieces: WordPieces, batch: Sequence[Article]) -> Any:
    themes, framings = said(net, pieces, batch, _DROP)
    wanted = torch.tensor(np.concatenate([one.wanted for one in batch]), dtype=torch.float32)
    framed = torch.tensor(np.concatenate([one.framed for one in batch]))
    shares = [np.full(len(one.texts), _OF_THE_CORPUS if one.source == "corpus" else 1.0) for one in batch]
    share = torch.tensor(np.concatenate(shares), dtype=torch.float32)[:, None]
    coding = F.binary_cross_entropy_with_logits(themes, wanted, reduction="none")
    framing = F.cross_entropy(framings.flatten(0, 1), framed.flatten(), ignore_index=-1, reduction="none")
    return (share * (coding + _OF_THE_FRAMING * framing.view_as(coding))).sum() / len(wanted)


def fit(net: Net, pieces: WordPieces, articles: Sequence[Article]) -> None:
    """Learn from the articles: all of them, then again those of the press."""
    press = [one for one in articles if one.source != "corpus"]
    shuffler, order = random.Random(0), []
    for number in range(_ROUNDS):
        here = list(press if number else articles)
        shuffler.shuffle(here)
        order += here
    steps = len(order) // _ARTICLES
    numbers = [net[name] for name in learned(net)]
    steepest = torch.optim.AdamW(numbers, lr=_RATE, weight_decay=0.01, betas=(0.9, 0.98))
    for step in range(steps):
        rate = _RATE * min((step + 1) * 15 / steps, 0.03 + 0.97 * (1 - step / steps))
        for group in steepest.param_groups:
            group["lr"] = rate
        steepest.zero_grad()
        loss = _loss(net, pieces, order[step * _ARTICLES : (step + 1) * _ARTICLES])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(numbers, 1.0)
        steepest.step()
        print(f"step {step + 1} of {steps}, loss {loss.item():.2f}", end="\r", flush=True)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the model's logits count beside what stands: a slope and a constant for themes, a slope for framings."""

    slope: float
    constant: float
    framing: float


def weigh(held: Sequence[Article], themes: Array, framings: Array) -> Weighed:
    """Weigh the logits of the pieces held out against their margins, so that kappa is best where both are summed."""
    margins, wanted, framed, standing = _together(held)
    seen = np.stack([np.clip(margins, -2, 2), themes, np.ones_like(themes)], axis=-1).reshape(-1, 3)
    weights = np.zeros(3)
    for _ in range(20):  # Newton's steps
        likely = 1 / (1 + np.exp(-seen @ weights))
        curve = (seen * (likely * (1 - likely))[:, None]).T @ seen
        weights += np.linalg.solve(curve, seen.T @ (wanted.reshape(-1) - likely))
    said = seen @ weights
    needed = max(np.arange(-1.4, 0.4, 0.05), key=lambda least: _kappa(wanted.reshape(-1), said > least))
    best = max((0.5, 1.0, 2.0, 4.0), key=lambda share: _right(standing + share * framings, framed))
    return Weighed(float(weights[1] / weights[0]), float((weights[2] - needed) / weights[0]), best)


def _together(held: Sequence[Article]) -> tuple[Array, NDArray[np.bool_], NDArray[np.int64], Array]:
    margins, wanted = (np.concatenate([getattr(one, name) for one in held]) for name in ("margins", "wanted"))
    framed, framings = (np.concatenate([getattr(one, name) for one in held]) for name in ("framed", "framings"))
    return margins, wanted > 0, framed, framings


def _right(scores: Array, framed: NDArray[np.int64]) -> float:
    return float((scores.argmax(axis=2) == framed)[framed >= 0].mean())


def _kappa(wanted: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    agreed = (wanted == given).mean()
    chance = wanted.mean() * given.mean() + (1 - wanted.mean()) * (1 - given.mean())
    return float((agreed - chance) / (1 - chance))


def report(net: Net, pieces: WordPieces, held: Sequence[Article]) -> Weighed:
    """What stands, the model alone and both together on the pieces held out, on which the weights were chosen."""
    with torch.no_grad():
        found = [said(net, pieces, [one]) for one in held]
    themes, framings = (np.concatenate([both[place].double().numpy() for both in found]) for place in (0, 1))
    weighed = weigh(held, themes, framings)
    margins, wanted, framed, standing = _together(held)
    together = margins + weighed.slope * themes + weighed.constant
    figures = [_kappa(wanted, given) for given in (margins >= 0, themes > 0, together >= 0)]
    right = [_right(scores, framed) for scores in (standing, framings, standing + weighed.framing * framings)]
    print(f"{len(held)} pieces held out, {len(wanted)} paragraphs: as it stands, the model alone, both")
    print("kappa", *(f"{it:.3f}" for it in figures), "framing of every code", *(f"{it:.3f}" for it in right), weighed)
    return weighed


def write(net: Net, titles: Any, weighed: Weighed) -> None:
    """Put what was learned into meaning.npz, weighed and with the mean of the titles, in bytes with scales."""
    book = [theme.theme_id for theme in read_codebook().themes]
    kept = {name: net[name].detach().double().numpy() for name in learned(net)}
    spoken = F.gelu(F.linear(titles, net["title"], net["title.constant"])).mean(0).double().detach().numpy()
    own = sum(_SIDES.values()) - _SIDES["title"]  # the title's come last
    kept["said.constant"] = kept["said.constant"] + kept["said"][:, own:] @ spoken
    kept["said"] = kept["said"][:, :own]
    for name in ("said", "plainly"):
        slopes = np.full(len(kept[name]), weighed.framing)
        slopes[: len(book)] = weighed.slope
        kept[name] = kept[name] * slopes[:, None]
        kept[f"{name}.constant"] = kept[f"{name}.constant"] * slopes
    kept["said.constant"][: len(book)] += weighed.constant
    table: dict[str, NDArray[Any]] = {"themes": np.array(book)}
    table["encoder"] = np.array(hashlib.sha256(package_files()[0]).hexdigest())
    for name, numbers in kept.items():
        if not name.startswith("title"):
            table |= _packed(name, numbers * (_SCALE if name.endswith(".up") else 1))
    np.savez_compressed(TABLE, allow_pickle=False, **table)


def _packed(name: str, numbers: Array) -> dict[str, NDArray[Any]]:
    if name.endswith(".constant"):
        return {name: numbers.astype(np.float32)}
    scale = np.abs(numbers).max(axis=0 if name.endswith(".up") else 1) / 127 + 1e-12
    units = numbers / (scale if name.endswith(".up") else scale[:, None])
    return {name: np.round(units).astype(np.int8), f"{name}.scale": scale.astype(np.float32)}


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Fit what the small language model learns.")
    parser.add_argument("file", type=Path, help="what was learned is kept here")
    parser.add_argument("--write", action="store_true", help="change meaning.npz")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    articles = read_articles()
    out = held_out()
    held = [one for one in articles if one.name in out]
    weights, splitting = package_files()
    pieces = WordPieces.read(splitting)
    net = fresh(read_tensors(weights), articles[0].wanted.shape[1])
    if arguments.file.exists():
        net |= torch.load(arguments.file)
    else:
        fit(net, pieces, [one for one in articles if one.name not in out])
        torch.save({name: net[name] for name in learned(net)}, arguments.file)
    weighed = report(net, pieces, held)
    if arguments.write:
        write(net, vectors(net, [pieces.numbers(one.title) for one in held]), weighed)


if __name__ == "__main__":
    main()

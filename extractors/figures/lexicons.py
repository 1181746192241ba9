"""The linguistic knowledge of the figures grammar: what stands in `words/*.toml`, checked when it is read.

Every list is a field here, so that one which is missing or misspelled is an error of the file, or of mypy.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from extractors.figures.model import Change, Qualifier
from extractors.lexicon import Filled, Forms, LowerPhrases, LowerWords, Pair, Table, Words, read_tables

T = TypeVar("T", bound=Table)
FOLDER = Path(__file__).with_name("words")

Texts = dict[str, Filled]  # words with what they stand for
Numbers = dict[str, float]  # words with their value
Named = dict[str, LowerPhrases]  # names with the phrases that stand for them


class WordList(Table):
    words: LowerWords


class PhraseList(Table):
    phrases: LowerPhrases


class Directions(Table):
    """Words of change by where they lead, each in all its forms."""

    increase: Forms
    decrease: Forms

    def forms(self) -> frozenset[str]:
        """The words of both directions."""
        return self.increase | self.decrease

    def direction(self) -> dict[str, Change]:
        """Each word with its direction."""
        rising: dict[str, Change] = dict.fromkeys(self.increase, "increase")
        return {**rising, **dict.fromkeys(self.decrease, "decrease")}


class Attribution(Table):
    """Who gives a figure: verbs of saying, sources, and what no source is."""

    before_source: PhraseList
    verbs: WordList
    weak_verbs: WordList
    direct_verbs: WordList
    telling: WordList
    putting: WordList
    giving: WordList
    figures: WordList
    surveys: WordList
    passive: WordList
    reporting: WordList
    bodies: WordList
    titles: WordList
    conditions: WordList
    never_before: WordList
    reckonings: WordList
    phrase_ends: WordList
    next_phrase: WordList
    sources: WordList
    asked: WordList
    obtaining: WordList
    not_source: WordList
    never_opens: WordList
    subject_edges: WordList


class Comparatives(Table):
    upward: LowerWords
    downward: LowerWords


class ChangeLexicon(Table):
    """What moves up and down."""

    verbs: Directions
    nouns: Directions
    adverbs: Directions
    movers: WordList
    ranging: WordList
    range_words: WordList
    comparatives: Comparatives
    adjusting: WordList


class BaseWords(Table):
    leads: LowerWords
    relative: LowerWords
    subjects: LowerWords
    stops: LowerWords
    determiners: LowerWords
    loose: LowerWords
    intransitive: LowerWords
    prepositions: LowerWords


class ChangeWords(Table):
    ends_reach: LowerWords
    carrying_on: LowerWords
    phrasal: LowerWords
    amounts: LowerWords
    aims: LowerWords
    not_between: LowerWords
    taken: LowerWords
    bare_multiples: LowerWords


class ExclusionWords(Table):
    events: LowerWords
    definite_adjectives: LowerWords
    openers: LowerWords
    part_closes: LowerWords


class NounWords(Table):
    compared: LowerWords
    states: LowerWords


class SentenceWords(Table):
    going: LowerWords
    qualifying: LowerWords


class ClauseWords(Table):
    auxiliaries: LowerWords
    finite: LowerWords
    sure: LowerWords
    nouns_too: LowerWords
    before_nouns: LowerWords
    before_may: LowerWords
    before_as: LowerWords
    after_as: LowerWords
    subordinators: LowerWords
    also_prepositions: LowerWords
    joining: LowerWords
    relatives: LowerWords
    before_relatives: LowerWords
    afterthoughts: LowerWords
    not_participles: LowerWords
    participles: LowerWords
    before_that: LowerWords


class Grammar(Table):
    """Function words, verbs, and the lists of single modules of the grammar."""

    function: WordList
    verbs: WordList
    nouns_despite_verb: WordList
    pronouns: WordList
    bases: BaseWords
    changes: ChangeWords
    exclusions: ExclusionWords
    nouns: NounWords
    sentence: SentenceWords
    clauses: ClauseWords


class Ends(Table):
    first: LowerWords
    last: LowerWords


class Unnamed(Table):
    subjects: LowerWords
    verbs: LowerWords


class Measures(Table):
    """What may stand in the words that say what is measured."""

    amounting: WordList
    standing_for: WordList
    bringing: WordList
    loose: Ends
    qualifying: WordList
    comparing: WordList
    adding: WordList
    passing: WordList
    staying: WordList
    taking_to: WordList
    anaphors: WordList
    going_on: WordList
    no_thing: WordList
    not_counted: WordList
    plain: WordList
    leading: WordList
    spanning: WordList
    unnamed: Unnamed
    opening: WordList
    dangling: WordList


class NumberNames(Table):
    """Numbers that are no figures because of the words around them."""

    labels: WordList
    soft_labels: WordList
    names: PhraseList
    idioms: PhraseList
    dated: WordList


class Roles(Table):
    until: LowerPhrases
    before: LowerPhrases
    since: LowerPhrases
    after: LowerPhrases
    none: LowerPhrases
    softening: LowerPhrases


class BeforeAndBetween(Table):
    before: LowerPhrases
    between: LowerPhrases


class Restating(Table):
    nouns: LowerPhrases
    verbs: LowerPhrases


class Attribute(Table):
    before: LowerPhrases


class Periods(Table):
    """Words of dates and periods."""

    months: dict[str, int]
    ambiguous: WordList
    references: WordList
    hints: WordList
    openings: WordList
    announcing: WordList
    concluding: WordList
    promising: WordList
    asked: WordList
    opening: WordList
    ahead: WordList
    roles: Roles
    baseline: BeforeAndBetween
    sources_from: PhraseList
    stretches: BeforeAndBetween
    restating: Restating
    attribute: Attribute
    leading: WordList


class Qualifiers(Table):
    """How exact a quantity is said to be."""

    before: dict[Qualifier, LowerPhrases]
    after: dict[Qualifier, LowerPhrases]
    adverbs: WordList
    verbs_with_about: WordList
    nouns_with_over: WordList
    over_duration: WordList
    negations: WordList


class Percent(Table):
    percent: LowerPhrases
    points: LowerPhrases
    basis_points: LowerPhrases


class Measure(Table):
    """A unit: how it is written, what several of it are called, and which short forms of it may stand in capitals."""

    written: LowerPhrases
    plural: str | None = None
    capitals: LowerPhrases = ()


def _each_form_once(measures: dict[str, Measure]) -> dict[str, Measure]:
    forms = Counter(form for measure in measures.values() for form in measure.written)
    if twice := [form for form, count in forms.items() if count > 1]:
        raise ValueError(f"written for two units: {', '.join(twice)}")
    return measures


class Units(Table):
    """What is measured, and in which unit it is stored."""

    time: dict[str, Pair]
    time_adjectives: WordList
    measures: Annotated[dict[str, Measure], AfterValidator(_each_form_once)]
    rate_measures: Texts
    ignored_measures: WordList
    sizes: WordList
    percent: Percent
    irregular: Texts
    plural_modifiers: WordList
    not_plural: WordList
    people: WordList
    persons: WordList

    def written(self) -> dict[str, str]:
        """Each form of a measure, with its unit."""
        return {form: unit for unit, measure in self.measures.items() for form in measure.written}


class Codes(Table):
    """ISO 4217 codes, and codes that are written for others."""

    names: Words
    aliases: Texts


class Currencies(Table):
    """Signs, codes and names of money with their ISO 4217 code."""

    signs: Texts
    prefixes: Texts
    codes: Codes
    words: Texts
    minor: Texts


class NumberWords(Table):
    """How English writes numbers."""

    units: Numbers
    tens: Numbers
    scales: Numbers
    letters: Numbers
    parts: Numbers
    vulgar: Numbers
    multiples: Numbers


class Scope(Table):
    whole: LowerPhrases
    queued: LowerPhrases
    vague: LowerPhrases
    general: LowerPhrases
    local: LowerPhrases
    generic: LowerPhrases
    heads_after: LowerPhrases
    own: LowerPhrases
    reports: LowerPhrases


class Subjects(Table):
    """What figures are about, by the names under which figures of different articles are put together."""

    heads: dict[str, Named]
    things: Named
    narrowings: Named
    answers: Named
    nations: Named
    scope: Scope


def _read(name: str, model: type[T]) -> T:
    return read_tables(FOLDER / f"{name}.toml", model)


ATTRIBUTION = _read("attribution", Attribution)
CHANGES = _read("changes", ChangeLexicon)
CURRENCIES = _read("currencies", Currencies)
GRAMMAR = _read("grammar", Grammar)
MEASURES = _read("measures", Measures)
NAMES = _read("names", NumberNames)
NUMBERS = _read("numbers", NumberWords)
PERIODS = _read("periods", Periods)
QUALIFIERS = _read("qualifiers", Qualifiers)
SUBJECTS = _read("subjects", Subjects)
UNITS = _read("units", Units)

VERBS_OF_MOVING = CHANGES.verbs.direction()
NOUNS_OF_MOVING = CHANGES.nouns.direction()
ADVERBS_OF_MOVING = CHANGES.adverbs.direction()


def comparative(word: str) -> Change:
    """The direction of "more", "lower" and the like."""
    return "increase" if word in CHANGES.comparatives.upward else "decrease"


def alternation(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest that fits first, its spaces matching spaces.

    What begins alike is told apart letter by letter: to try each of some hundred phrases wherever one could begin is
    several times slower.
    """
    return _branches(sorted(set(phrases)), 0)


def _branches(phrases: list[str], depth: int) -> str:
    """The pattern of sorted phrases behind the letters that they share."""
    ended = [phrase for phrase in phrases if len(phrase) == depth]
    pieces: list[str] = []
    for letter, group in groupby(phrases[len(ended) :], key=lambda phrase: phrase[depth]):
        alike = list(group)
        rest = _branches(alike, depth + 1)
        several = len(alike) > 1 and "|" in rest
        pieces.append((" +" if letter == " " else re.escape(letter)) + (f"(?:{rest})" if several else rest))
    return "|".join([*pieces, *([""] if ended and pieces else [])])

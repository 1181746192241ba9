"""Made-up commentary for the benches: the field's words, figures and periods in random sentences, no two alike."""

import random

WORDS = 30_000
PARAGRAPHS = 6
HEADER = (
    "Title: What the partners have learned, {number}\nPublisher: {publisher}\nPublished: {year}-{month:02}-{day:02}"
)

_WHO = ("the NHS", "NHS England", "commissioners", "integrated care boards", "trusts", "the Department of Health")
_WHOM = (
    "private hospitals",
    "independent sector providers",
    "private clinics",
    "charities",
    "agency staff",
    "hospices",
)
_WHAT = ("cataract operations", "hip replacements", "diagnostic tests", "outpatient appointments", "mental health beds")
_SENTENCES = (
    "Spending by {who} on {whom} reached £{few}.{digit} billion in {year}, up from £{fewer}.{digit}bn a year earlier.",
    "The waiting list in England stood at {few}.{digit} million in {month} {year}.",
    "In {year} {whom} carried out {percent} per cent of all {what}.",
    "Partnership with {whom} was said to save £{hundreds}m between {year} and 2025.",
    "Trust between {who} and {whom} is thin, and contracts rarely share risk.",
    "{whom} offered {hundreds},000 {what} in {year}, according to {who}.",
    "The median wait for {what} was {percent} weeks in {month} {year}.",
    "Procurement rules should let {who} choose {whom} for {few} years.",
    "Vacancies for nurses stood at {hundreds}00 in {month} {year}.",
    "{who} lost £{hundreds}m in {year}, and capital for new theatres ran short.",
)
_MONTHS = ("January", "March", "June", "September", "November")


def text(rng: random.Random, number: int) -> str:
    """The file of an article: a title and paragraphs, some 300 words."""
    paragraphs = (f"{_sentence(rng)} {filler(rng, 22).capitalize()}. {_sentence(rng)}" for _ in range(PARAGRAPHS))
    header = HEADER.format(
        number=number,
        publisher=f"Publisher {number % 40}",
        year=rng.randint(2005, 2025),
        month=rng.randint(1, 12),
        day=rng.randint(1, 28),
    )
    return "\n\n".join([header, *paragraphs]) + "\n"


def _sentence(rng: random.Random) -> str:
    made = rng.choice(_SENTENCES).format(
        who=rng.choice(_WHO),
        whom=rng.choice(_WHOM),
        what=rng.choice(_WHAT),
        few=rng.randint(4, 14),
        fewer=rng.randint(1, 4),
        digit=rng.randint(0, 9),
        hundreds=rng.randint(100, 999),
        percent=rng.randint(2, 60),
        year=rng.randint(2005, 2024),
        month=rng.choice(_MONTHS),
    )
    return made[0].upper() + made[1:]


def filler(rng: random.Random, count: int) -> str:
    """Words that mean nothing, whose ranks fall off as they do in language (Zipf): common ones and rare ones."""
    return " ".join(_word(int(WORDS ** rng.random())) for _ in range(count))


def _word(rank: int) -> str:
    letters = "bcdfghjklmnprtvw"
    return "".join(letters[(rank >> shift) & 15] + "aeio"[(rank >> shift) & 3] for shift in (0, 4, 8, 12))

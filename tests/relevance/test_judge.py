"""Judging: what is kept and what is not, on gold, tuned and fresh cases, and the reasons given for it."""

import pytest

from extractors.article.model import Article, Found, Paragraph
from extractors.relevance import THRESHOLD, judge
from extractors.relevance.lexicon import default_lexicon
from extractors.relevance.signals import measure
from extractors.themes.model import ThemeMention
from tests.relevance.cases import JUDGED, article_of, gold_cases, restated_cases, score, written_cases

ARGUED = """
The board says that the private company which won the contract for the hospital's scans is cheaper. Perhaps it is.

But nobody has asked why the trust's own radiologists were never allowed to bid, or whether the NHS will get its data
back when the contract ends. A partnership in which one partner keeps the keys should worry commissioners.
"""


def test_on_gold_no_article_is_lost_and_no_negative_let_in() -> None:
    result = score(gold_cases())
    assert result.lost == ()
    assert result.let_in == ()


def test_on_the_tuning_cases_recall_and_precision_hold() -> None:
    result = score(written_cases("tuning*.toml"))
    assert result.recall >= 0.95, result.lost
    assert result.precision >= 0.975, result.let_in


def test_pieces_of_real_commentary_that_were_kept_aside_are_kept() -> None:
    result = score(restated_cases(aside=True))
    assert result.recall >= 0.85, result.lost


def test_on_cases_written_after_the_rules_were_fixed() -> None:
    result = score(written_cases("fresh*.toml"))
    assert result.recall >= 0.90, result.lost
    assert result.precision >= 0.90, result.let_in


def test_on_texts_of_a_writer_who_had_not_seen_the_rules() -> None:
    result = score(written_cases("[ns]*-[12].toml", JUDGED))
    assert result.recall >= 0.93, result.lost
    assert result.precision >= 0.95, result.let_in


@pytest.mark.parametrize("batch", ["second", "third"])
def test_on_texts_that_were_judged_before_their_kinds_were_mended(batch: str) -> None:
    result = score(written_cases(f"{batch}-*.toml", JUDGED))
    assert result.recall >= 0.96, result.lost
    assert result.precision >= 0.96, result.let_in


@pytest.mark.parametrize(
    ("batch", "recall", "precision"),
    [
        ("fourth", 0.90, 0.93),
        ("fifth", 0.90, 0.95),
        ("sixth", 0.95, 0.80),
        ("seventh", 0.85, 0.95),
        ("eighth", 0.70, 0.75),
        ("ninth", 0.65, 0.95),
        ("tenth", 0.65, 0.90),
    ],
)
def test_on_texts_restated_from_pages_that_a_search_brings(batch: str, recall: float, precision: float) -> None:
    result = score(written_cases(f"{batch}-*.toml", JUDGED))
    assert result.recall >= recall, result.lost
    assert result.precision >= precision, result.let_in


def test_how_a_text_is_worded_counts_for_no_more_the_longer_it_is() -> None:
    lexicon = default_lexicon()
    once, twice = (measure(article_of("", ARGUED * times), lexicon) for times in (1, 2))
    assert once.wording == pytest.approx(twice.wording)


def test_words_of_notices_speak_against_and_words_of_argument_for_a_text() -> None:
    lexicon = default_lexicon()
    argued = measure(article_of("", "They were told that nobody had asked what the company was paid."), lexicon)
    offered = measure(
        article_of("", "Book your free check online and see our team at a day and time to suit you."), lexicon
    )
    assert argued.wording > 0 > offered.wording
    reasons = judge(article_of("Who keeps the keys?", ARGUED)).reasons
    assert any(reason.startswith("is worded as commentary is: '") for reason in reasons)


def test_a_text_on_the_nhs_alone_does_not_belong_and_the_reason_says_so() -> None:
    text = """
    The NHS tariff pays a hospital for each patient that it admits and nothing for those whom it keeps well. So trusts
    which prevent illness lose money, and their boards know it. Why should a finance director of the NHS thank anyone
    for it? Commissioners say that they would change it. They have said so since 2011, but nobody has been asked to.
    """
    judgement = judge(article_of("Why the NHS tariff punishes prevention", text))
    assert not judgement.similar
    assert "one of the two sides is not named at all" in judgement.reasons


@pytest.mark.parametrize("public", ["The council", "Ministers"])
def test_the_state_is_no_public_side_of_health_in_a_text_on_social_care_alone(public: str) -> None:
    text = f"""
    Owners of care homes say that they cannot go on. {public} paid them two per cent more this year for residents whose
    care costs nine per cent more. But nobody has asked why the contract says nothing of wages.

    {public} should know better. A care home that closes does not open again, and its residents must go somewhere. Why
    would a company that loses money on every resident sign for another year?
    """
    assert not judge(article_of("Who pays for the home?", text)).similar
    beside = text.replace("somewhere.", "somewhere: to an NHS hospital, whose trust buys beds from the same company.")
    assert judge(article_of("Who pays for the home?", beside)).similar


def test_relevance_is_a_share_and_the_decision_follows_it() -> None:
    for case in [*gold_cases(), *written_cases("*.toml")]:
        judgement = judge(case.article)
        assert 0.0 <= judgement.relevance <= 1.0
        assert judgement.similar == (judgement.relevance >= THRESHOLD)


def test_taking_one_side_of_the_relationship_away_takes_relevance_away() -> None:
    both = judge(article_of("Who keeps the keys?", ARGUED))
    public_only = judge(
        article_of("Who keeps the keys?", ARGUED.replace("private company which won the contract", "plan"))
    )
    other_service = ARGUED.replace("hospital's scans", "city's buses").replace("trust's own radiologists", "drivers")
    transport = judge(article_of("Who keeps the keys?", other_service.replace("NHS", "council")))
    assert both.similar
    assert public_only.relevance < both.relevance
    assert not transport.similar


def test_the_same_argument_about_another_country_does_not_belong() -> None:
    abroad = ARGUED.replace("The board", "Queensland's health minister").replace("NHS", "Australian Medicare system")
    assert not judge(article_of("Sydney: who keeps the keys?", abroad)).similar


def test_a_notice_about_the_same_contract_does_not_belong_and_the_reason_says_so() -> None:
    notice = """
    Contracting authority: Northshire Integrated Care Board. CPV code: 85150000. Lot 1: imaging by independent
    providers.

    Estimated value: £4m excluding VAT. Expressions of interest must be submitted through the portal by noon on 3 May.
    The authority reserves the right to cancel the procurement.
    """
    judgement = judge(article_of("Contract notice: imaging partnership", notice))
    assert not judgement.similar
    assert judgement.reasons[0].startswith("reads as a tender or contract notice: '")


def test_commentary_that_names_the_other_side_in_passing_does_not_belong() -> None:
    text = """
    Everybody agrees that the hospital needs more doctors, but nobody in the NHS has said where they would sit. I teach
    on a ward that has twice as many students as five years ago, and the same three rooms, and I do not believe that
    the trust will build a fourth. They stand behind the patients like guests at a wedding whom no one has asked.

    The plan says that places will be doubled. It does not say who should teach, since consultants who did it for
    nothing have retired, gone part-time, left for the private sector, or moved abroad, and those who stay are asked to
    do it at the end of a day that began at seven. Why should anybody be surprised that the rota has gaps?

    What would help is dull, and perhaps that is why nobody argues for it. Pay for the hours. Give every trainee on the
    ward a locker and a rota. None of that must wait for an inquiry, and all of it needs somebody who has stood there.
    """
    judgement = judge(article_of("You cannot train a doctor in a corridor", text))
    assert not judgement.similar
    assert "names the independent side in passing only, and never beside the public side" in judgement.reasons


def test_labels_and_list_items_are_not_prose() -> None:
    sentences = " ".join(ARGUED.split()).split(". ")
    prose = judge(article_of("Who keeps the keys?", ". ".join(sentences)))
    listed = judge(article_of("Who keeps the keys?", "\n".join(sentence.rstrip(".") for sentence in sentences)))
    assert listed.relevance < prose.relevance
    items = (
        "Private providers of NHS care\nTheir contracts\nWhy trusts buy\nPartnership in practice\nWhat should change"
    )
    contents = judge(article_of("In this issue", items))
    assert not contents.similar
    assert "100% of its paragraphs are labels and list items, not sentences" in contents.reasons


def test_reasons_name_both_sides_with_their_words() -> None:
    reasons = judge(article_of("Who keeps the keys?", ARGUED)).reasons
    both = next(reason for reason in reasons if reason.startswith("names the public side"))
    assert "'private company'" in both
    assert "'NHS'" in both or "'trust'" in both or "'The board'" in both


def test_what_speaks_against_a_decision_is_marked_as_such() -> None:
    text = ARGUED + "\nTo donate, ring us today; your gift will make a difference. Gift aid your donation."
    reasons = judge(article_of("Who keeps the keys?", text)).reasons
    assert any("a fundraising appeal" in reason for reason in reasons)


def test_what_speaks_against_a_decision_is_never_cut_off() -> None:
    text = ARGUED + " Donate today. Every penny counts. Your gift could pay for a nurse. Join our fun run and raffle."
    judgement = judge(article_of("Who keeps the keys?", text))
    genre = next(reason for reason in judgement.reasons if "a fundraising appeal" in reason)
    assert genre.startswith("against that") == judgement.similar


def test_a_company_is_known_by_its_name_once_it_was_introduced() -> None:
    """The second text never calls it a company again, as commentary does not."""
    text = """
    The night service for the county's patients is run by Tarnley. The primary care trust paid Tarnley in full.
    But Tarnley filled one shift in three with doctors who had worked through the day, the auditors said.
    Why did nobody in the trust ask? Tarnley says that it told the board in March, and that it was never asked to stop.
    """
    named = judge(article_of("Calls in the night", text))
    unnamed = judge(article_of("Calls in the night", text.replace("Tarnley", "staff")))
    assert named.similar
    assert named.relevance > unnamed.relevance


def test_themes_are_named_among_the_reasons_and_do_not_move_the_decision() -> None:
    article = article_of("Who keeps the keys?", ARGUED)
    mention = ThemeMention(1, "procurement", "problem", 2.0, "contract", 0, 8, ("contract",))
    plain, coded, uncoded = judge(article), judge(article, themes=[mention]), judge(article, themes=[])
    assert plain.relevance == coded.relevance == uncoded.relevance
    assert "themes found in 1 of 3 paragraphs: procurement" in coded.reasons
    assert "no theme of the codebook was found" in uncoded.reasons


@pytest.mark.parametrize("text", ["", "…", "Yes.", "NHS"])
def test_next_to_nothing_is_not_commentary(text: str) -> None:
    paragraphs = (Paragraph(1, "prose", text),) if text else ()
    bare = Article(None, None, (), None, None, None, None, paragraphs)
    assert not judge(bare).similar


def test_typography_and_case_of_common_words_do_not_matter() -> None:
    plain = article_of("Who keeps the keys?", ARGUED)
    restyled = article_of("Who keeps the keys?", ARGUED.replace("'", "’").replace("private", "Private"))
    assert judge(plain).relevance == judge(restyled).relevance


def test_the_publisher_and_address_do_not_count() -> None:
    article = article_of("Who keeps the keys?", ARGUED)
    elsewhere = Article(
        article.title,
        Found("Brightwater Careers", "og"),
        ("Talent Team",),
        "meta",
        None,
        "en",
        "https://jobs.example/apply-now",
        article.paragraphs,
    )
    assert judge(elsewhere) == judge(article)


NEAR_MISSES = {
    "a comparison of employers": """
    Should a newly qualified theatre nurse work in the NHS or in the private sector? There are pros and cons. In the NHS
    you move up your pay band each year, and agenda for change sets what you earn. A private hospital will agree a
    salary with you, and your caseload may be kinder. Job security is better in the NHS, study days elsewhere.
    """,
    "an award told in prose": """
    This procurement by Marsham Integrated Care Board concerns home oxygen. It is at the award stage, with a private
    company named as the supplier. The contract runs for four years with options to extend, and further competition
    may follow. Companies can look for similar notices and set up an alert; small and medium-sized firms should.
    """,
    "a deficit": """
    The hospital trust said that it had ended the year £14m in the red. Its reliance on agency staff had cost too much,
    and spending on bank and agency staff must fall by a third. The trust's chairman told the board that no ward would
    close. "We are not proud of it," he said, "but the trust has never before been asked to save so much so fast."
    """,
    "a hospital of old": """
    The dispensary on Mill Street was founded in the eighteenth century for the sick poor, with guineas from merchants.
    It was a charity that looked after those whom the workhouse would not. Between the wars it became a hospital with
    forty beds and subscription schemes, and in 1948 the National Health Service took it over. A plaque tells of it.
    """,
}


@pytest.mark.parametrize("kind", NEAR_MISSES)
def test_kinds_that_name_both_sides_and_tell_of_no_dealing_between_them(kind: str) -> None:
    assert not judge(article_of("", NEAR_MISSES[kind])).similar


def test_a_trust_by_its_name_is_no_relationship() -> None:
    lexicon = default_lexicon()
    named = measure(article_of("", "The trust told its board that the trust would close a ward of the trust."), lexicon)
    trusted = measure(article_of("", "There was no trust between the board and those who ran the ward."), lexicon)
    assert named.density["relation"] == 0
    assert trusted.density["relation"] > 0


def test_social_care_weighs_half_as_another_service_where_the_nhs_is_hardly_named() -> None:
    lexicon = default_lexicon()
    alone = (
        "The council pays the care home too little. The owner says that residents must move when the care home shuts."
    )
    beside = alone + " The NHS trust and the integrated care board had bought its beds."
    assert measure(article_of("", alone), lexicon).elsewhere > 0.2
    assert measure(article_of("", beside), lexicon).elsewhere == 0


def test_an_owner_abroad_is_no_other_country() -> None:
    lexicon = default_lexicon()
    owned = "The surgeries were sold to an American insurer, whose Swedish investors had never seen a German surgeon."
    assert measure(article_of("", owned), lexicon).foreign == 0


@pytest.mark.parametrize(
    "text",
    [
        "Cleaning at the hospital went to contract cleaners after competitive tendering.",
        "The trust wants a wholly owned subsidiary to run its estates.",
        "Three PFIs in the county end within five years of each other.",
        "Surgeries are swept up by conglomerates, and the health board hears of it last.",
    ],
)
def test_what_names_the_independent_side_without_calling_it_so(text: str) -> None:
    assert measure(article_of("", text), default_lexicon()).density["independent"] > 0


def test_news_that_only_reports_is_kept() -> None:
    text = """
    Eight of thirteen new scanning centres in the county will be run by private companies, NHS managers announced on
    Monday. The companies own the buildings and employ the staff; the NHS pays them for each scan under a contract of
    five years. Two independent providers have run such centres for the health board since 2021.
    """
    assert judge(article_of("Private firms to run eight scanning centres for the NHS", text)).similar

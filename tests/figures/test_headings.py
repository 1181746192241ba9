"""Measures as a table's heading would have them, whole: what goes out with the number, and what makes a sentence."""

import pytest

from tests.figures.notation import figures_of

# A sentence, the surface of one figure in it, and the measure that it has.
HEADINGS = (
    (
        "Three firms own 640 vans. This equates to 12% of all journeys being provided by them.",
        "12%",
        "being provided by them",
    ),
    (
        "Six out of every 7 of the 3,100 vans leased by boards are parked at night.",
        "3,100 vans",
        "vans leased by boards are parked at night",
    ),
    (
        "Boards counted 240 open cots, 71% of which were empty.",
        "71%",
        "Boards counted open cots were empty",
    ),
    ("The trust's returns (for 2018) show takings of £41m from parking.", "£41m", "takings from parking"),
    (
        "£2bn was lent, and a hefty £310 million of that sum was spent on a new roof.",
        "£310 million",
        "spent on a new roof",
    ),
    ("Sickness on the wards has hovered at just under 7% since May.", "7%", "Sickness on the wards"),
    (
        "The waiting list for planned eye care – which stood at 41,000 in May – grew.",
        "41,000",
        "The waiting list for planned eye care",
    ),
    (
        "The queue for hearing tests – which stood at 41,000 in May – has grown.",
        "41,000",
        "The queue for hearing tests",
    ),
    ("Most of it is dialysis sessions, which account for 60% of all visits.", "60%", "dialysis sessions account"),
    ("Private vans make 90,000 trips a year. This represents 12% of all trips.", "12%", "Private vans make trips"),
    ("£3 million of the £9 million in fines went to the town.", "£9 million", "fines went to the town"),
    ("Ministers want to clear the queue and bring the usual wait down to 18 weeks.", "18 weeks", "the usual wait"),
    (
        "If the inquiry looks at the £3bn contract with the laundry group it should ask why.",
        "£3bn",
        "contract with the laundry group",
    ),
    (
        "The line is busy, with three in ten callers waiting longer than 40 minutes to be heard.",
        "three in ten",
        "waiting longer than 40 minutes to be heard",
    ),
    ("We have trained thirty porters as assistants.", "thirty porters", "trained porters as assistants"),
    ("I've got four keys to the same cupboard.", "four keys", "keys to the same cupboard"),
    ("They've had three inspections.", "three inspections", "inspections"),
    ("You would need sixty nurses.", "sixty nurses", "need nurses"),
    ("The plan relies on £40m of savings from estates.", "£40m", "The plan relies on savings from estates"),
    ("The department must find £2bn of savings.", "£2bn", "The department must find savings"),
    ("Agencies supplied £3bn worth of staff to the NHS.", "£3bn", "Agencies supplied staff to the NHS"),
    ("The ward was closed for two years by the board.", "two years", "The ward was closed by the board"),
    ("The post was advertised for six months without an applicant.", "six months", "The post was advertised without"),
    ("The unit is run by two charities from Leeds.", "two charities", "The unit is run by charities from Leeds"),
    ("The group runs a network of 29 clinics.", "29 clinics", "The group runs a network of clinics"),
    ("The scanner is used in at least four towns.", "four towns", "The scanner is used in towns"),
    ("She works under a seven-year agreement with the health board.", "seven-year", "agreement with the health board"),
    ("The trust will appeal against a 30-month ban on new patients.", "30-month", "ban on new patients"),
    ("In the street behind the clinic 140 people were queueing.", "140 people", "people were queueing"),
    ("The annual charge is £31m for 30 years.", "30 years", "The annual charge"),
    (
        "Until the group has held two open meetings, nothing changes.",
        "two open meetings",
        "the group has held open",
    ),
    ("Of those polled, 38 per cent said that they would move.", "38 per cent", "move"),
    ("If the 12 oldest wards shut, nurses would walk 2 miles further.", "2 miles", "nurses would walk further"),
    ("The work went to Bell Ltd, a company with 16 vans.", "16 vans", "a company with vans"),
    (
        "The board will abolish three sites and six units just as the county must save £4m.",
        "six units",
        "The board will abolish units",
    ),
    ("How many beds were closed? Twenty-six.", "Twenty-six", "beds were closed"),
    ("What did the report cost? £90,000.", "£90,000", "the report cost"),
    ("On a good day I see a woman with two new hips.", "two new hips", "see a woman with new hips"),
    (
        "Over the last fifteen years Wales has spent less on theatres.",
        "fifteen years",
        "Wales has spent less on theatres",
    ),
    ("We have signed a two-year lease.", "two-year", "signed lease"),
    ("Waiting, having fallen by a third, is back at 14 weeks.", "a third", "Waiting"),
    ("The depot moved to a site within twelve miles of the port.", "twelve miles", "The depot moved to a site"),
    ("We train now. There are nine registrars who have lists with us.", "nine registrars", "registrars who have lists"),
    ("Its owners have doubts. It lost £311m on rent.", "£311m", "lost on rent"),
    ("The deal will usually be for twelve months.", "twelve months", "The deal"),
    (
        "Twelve patients came from nine different counties.",
        "nine different counties",
        "Twelve patients came from different",
    ),
    ("The deficit is rather more than £3m.", "£3m", "The deficit"),
    ("Mrs Ode Prior, 66, kept a diary of her calls.", "66", "Mrs Ode Prior"),
    ("Mr Ng, aged 86, was ready for 31 days.", "86", "Mr Ng"),
    ("The lease should be for two years rather than seven.", "two years", "The lease"),
    ("The board would build two theatres, at a cost of £9m.", "£9m", "a cost"),
    ("In one corner of the city a firm run by six doctors has taken over.", "six doctors", "a firm run by doctors"),
    ("Since this was written, two other boards have left.", "two other boards", "other boards have left"),
    ("The scheme began in May, against a plan of around 170 trusts.", "170 trusts", "a plan of trusts"),
    ("I have run somewhere in the region of sixty workshops on it.", "sixty workshops", "run workshops on it"),
    (
        "The wards got back, by their own reckoning, thirty-one days a year.",
        "thirty-one days a year",
        "The wards got back",
    ),
    ('She has been called "ready" for 31 days.', "31 days", "called ready"),
)


@pytest.mark.parametrize(("sentence", "surface", "measure"), HEADINGS)
def test_heading(sentence: str, surface: str, measure: str) -> None:
    found = {figure.surface: figure.measure or "" for figure in figures_of(sentence)}
    assert found[surface].startswith(measure)
    assert len(found[surface].split()) <= 12

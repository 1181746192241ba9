"""Ragged lists, pairs and groups of numbers answer as plain lists and dictionaries would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extractors.themes.vocabulary import Groups, Numbers, PairTable, Ragged, padded

_NUMBERS = st.integers(0, 50)
_LISTS = st.lists(st.lists(_NUMBERS, max_size=5), max_size=8)


def numbers(values: list[int]) -> Numbers:
    return np.array(values, np.int64)


def pairs(owners: Numbers, values: Numbers) -> list[tuple[int, int]]:
    return list(zip(owners.tolist(), values.tolist(), strict=True))


@given(_LISTS, _LISTS, st.data())
def test_lists_come_back_in_any_order_also_those_added_later(
    first: list[list[int]], later: list[list[int]], data: st.DataObject
) -> None:
    table = Ragged(first)
    for one in later:
        table.append(one)
    lists = first + later
    asked = data.draw(st.lists(st.sampled_from(range(len(lists))), max_size=10)) if lists else []
    assert len(table) == len(lists)
    wanted = [(at, number) for at, place in enumerate(asked) for number in lists[place]]
    assert pairs(*table.take(numbers(asked))) == wanted


@given(
    st.dictionaries(st.tuples(_NUMBERS, _NUMBERS), _NUMBERS, max_size=40),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=40),
)
def test_known_pairs_are_found_and_no_others(table: dict[tuple[int, int], int], others: list[tuple[int, int]]) -> None:
    asked = [*table, *others]
    found = PairTable(table).find(numbers([first for first, _ in asked]), numbers([second for _, second in asked]))
    assert pairs(*found) == [(at, table[pair]) for at, pair in enumerate(asked) if pair in table]


_HELD = st.lists(st.tuples(_NUMBERS, st.integers(0, 30)), max_size=20)
_ASKED = st.lists(st.tuples(_NUMBERS, st.integers(0, 40), st.integers(0, 9)), max_size=20)


@given(_HELD, _ASKED)
def test_a_group_has_all_places_of_its_number_and_of_those_what_is_near(
    held: list[tuple[int, int]], asked: list[tuple[int, int, int]]
) -> None:
    groups = Groups(numbers([number for number, _ in held]), numbers([stand for _, stand in held]))
    sought, first = numbers([number for number, _, _ in asked]), numbers([start for _, start, _ in asked])
    whole = [
        (at, place) for at, (number, *_) in enumerate(asked) for place, (one, _) in enumerate(held) if one == number
    ]
    assert sorted(pairs(*groups.find(sought))) == whole
    near = [(at, place) for at, place in whole if asked[at][1] <= held[place][1] <= sum(asked[at][1:])]
    assert sorted(pairs(*groups.find(sought, first, first + numbers([reach for *_, reach in asked])))) == near


@given(_LISTS)
def test_rows_are_filled_up(lists: list[list[int]]) -> None:
    width = max([1, *map(len, lists)])
    assert padded(lists, -1).tolist() == [one + [-1] * (width - len(one)) for one in lists]

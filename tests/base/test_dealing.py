"""Long tests are handed out first, every test is handed out once, and the long ones are those that there are."""

from pathlib import Path

import pytest

from tests.dealing import LONG, dealt, shares

ROOT = Path(__file__).resolve().parents[2]
SHORT = [f"tests/ui/test_forms.py::test_{number}" for number in range(50)]
MIXED = [*SHORT[:20], "tests/crawl/test_crawl.py::test_a", *SHORT[20:], *(f"{name}::test_b" for name in LONG[:6])]


@pytest.mark.parametrize("processes", [1, 2, 3, 8, 100])
def test_every_test_is_handed_out_once(processes: int) -> None:
    assert sorted(dealt(MIXED, processes)) == [*range(len(MIXED))]
    assert sum(shares(len(MIXED), processes)) == len(MIXED)


def test_each_share_begins_with_its_part_of_the_long_ones_the_longest_first() -> None:
    order, begin = [MIXED[place] for place in dealt(MIXED, 3)], 0
    begun = []
    for size in shares(len(MIXED), 3):
        share = order[begin : begin + size]
        is_long = [name.startswith(LONG) for name in share]
        assert is_long == sorted(is_long, reverse=True)
        assert 2 <= sum(is_long) <= 3
        begun.append(share[0])
        begin += size
    assert begun == [f"{name}::test_b" for name in LONG[:3]]


def test_the_others_stay_in_the_order_they_had() -> None:
    assert [MIXED[place] for place in dealt(MIXED, 1) if MIXED[place] in SHORT] == SHORT


@pytest.mark.parametrize("name", LONG)
def test_there_is_such_a_test(name: str) -> None:
    file, _, test = name.partition("::")
    assert (ROOT / file).exists()
    assert not test or f"def {test}" in (ROOT / file).read_text()

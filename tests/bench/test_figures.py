"""The arithmetic of the benchmark, and what is sent."""

from __future__ import annotations

import dataclasses

import pytest

from bench.figures import Figures, Timing, figures, median, percentile, table
from bench.messages import PHONES, passes, sample
from simulator.carrier import KEYWORDS


def test_a_round_of_two_passes() -> None:
    found = figures(
        [
            [Timing(0.0, 0.1, 0.2, 2, 300), Timing(0.5, 0.7, 1.0, 1, 100)],
            [Timing(5.0, 5.3, 6.0, 1, 200)],
        ],
        cpu_seconds=0.6,
        line_seconds=0.3,
    )
    assert found.rate == pytest.approx(3 / 2.0)  # one second each, the pause between not counted
    assert found.p50 == pytest.approx(0.2)
    assert found.p99 == pytest.approx(0.3)
    assert found.cpu == pytest.approx(0.2)
    assert found.line_cpu == pytest.approx(0.1)
    assert found.texts == pytest.approx(4 / 3)
    assert found.characters == pytest.approx(200)
    assert found.unanswered == 0


def test_what_is_not_answered_counts_for_nothing_but_is_told() -> None:
    found = figures([[Timing(0.0, 0.1, 1.0, 1, 9), Timing(0.0, None, 0.0, 0, 0)]], 1.0, 0.0)
    assert found.unanswered == 1
    assert found.rate == pytest.approx(1.0)


def test_nothing_answered_is_no_figure() -> None:
    with pytest.raises(ValueError, match="not one"):
        figures([[Timing(0.0, None, 0.0, 0, 0)]], 1.0, 0.0)


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_percentiles_are_values_that_were_seen(percent: int, expected: int) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected


def test_ratios_above_one_are_better() -> None:
    base = Figures(10, 0.2, 0.4, 0.02, 0.0, 0, 1, 1)
    good = dataclasses.replace(base, rate=20, p50=0.1, p99=0.1, cpu=0.005)
    shown = table({"good": [good], "base": [base]}, "base")
    assert "| good | 2.00 | 2.00 | 4.00 | 4.00 |" in shown


def test_the_median_is_taken_figure_by_figure() -> None:
    one = Figures(10, 0.2, 0.4, 0.02, 0.0, 0, 1, 1)
    other = dataclasses.replace(one, rate=30)
    assert median([one, other]).rate == 20


def test_the_same_texts_every_time_in_both_languages_and_for_carriers_none() -> None:
    texts = sample(300)
    assert texts == sample(300)
    assert texts[:12] == sample(12)
    assert {language for language, _ in texts} == {"en", "es"}
    assert not [text for _, text in texts if text.upper() in KEYWORDS]
    assert len(set(texts)) > 200


@pytest.mark.parametrize("count", [1, 98, 99, 100, 300, 3000])
def test_no_phone_texts_twice_in_a_pass(count: int) -> None:
    parts = passes(sample(count))
    assert sum(len(part) for part in parts) == count
    for part in parts:
        phones = [phone for phone, _, _ in part]
        assert len(set(phones)) == len(phones) <= len(PHONES)
        assert "+15550199" not in phones  # the bot's own

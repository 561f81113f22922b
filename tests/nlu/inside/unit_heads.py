"""Heads: what they store, how members learn, what is refused; run inside .venv-nlu."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: B905, PT009, PT027

import tempfile
import unittest
from pathlib import Path

import numpy as np
from rights_nlu.at_once import each_at_once, shares_of
from rights_nlu.fitting import FittingError, Task, fit_heads
from rights_nlu.head import Head, bend, deep_scores, softmax
from rights_nlu.learning import Member
from scipy.sparse import csr_matrix


def clusters(names, each=12, seed=3):
    """Return rows that say their label plainly, and the labels."""
    labels = [name for name in names for _ in range(each)]
    draw = np.random.default_rng(seed)
    rows = np.array([[name == label for name in names] for label in labels], dtype=np.float32)
    return csr_matrix(rows + draw.normal(0, 0.05, rows.shape).astype(np.float32)), labels


def task(rows, labels, **more):
    origins = [str(place) for place in range(len(labels))]
    return Task(rows, labels, origins, [True] * len(labels), **more)


class Fitting(unittest.TestCase):
    def test_labels_come_out_right_with_and_without_a_deep_part(self):
        for names in ("ab", "abc"):
            for more in ({}, {"width": 8, "members": 2}):
                rows, labels = clusters(names)
                head = fit_heads([task(rows, labels, **more)])[0]
                for place, label in enumerate(labels):
                    row = rows[place]
                    ranking = head.ranking(row.indices, row.data, len(names))
                    self.assertEqual(ranking[0][0], label)
                    self.assertAlmostEqual(sum(share for _, share in ranking), 1.0, places=5)

    def test_a_deep_part_learns_what_no_sum_of_words_can_say(self):
        """Two features mean "yes" together or apart, "no" alone: a linear classifier cannot."""
        both = np.array([[0, 0], [1, 1], [0, 1], [1, 0]] * 1000, dtype=np.float32)
        rows = csr_matrix(np.hstack([both, np.ones((len(both), 1), dtype=np.float32)]))
        labels = ["yes", "yes", "no", "no"] * 1000

        def right(**more):
            head = fit_heads([task(rows, labels, **more)])[0]
            found = [head.ranking(r.indices, r.data, 1)[0][0] for r in (rows[n] for n in range(4))]
            return sum(one == other for one, other in zip(found, labels))

        self.assertLess(right(), 4)
        self.assertEqual(right(width=16, members=2), 4)

    def test_the_same_data_always_makes_the_same_head(self):
        rows, labels = clusters("abc")
        one, other = (fit_heads([task(rows, labels, width=4, members=2, seed=5)])[0] for _ in "12")
        np.testing.assert_array_equal(one.vectors, other.vectors)
        self.assertEqual(one.temperature, other.temperature)

    def test_heads_are_learned_together_as_they_are_alone(self):
        rows, labels = clusters("ab")
        more, others = clusters("xyz", seed=9)
        together = fit_heads([task(rows, labels), task(more, others)])
        alone = fit_heads([task(more, others)])
        np.testing.assert_array_equal(together[1].vectors, alone[0].vectors)

    def test_too_few_examples_are_refused_in_words(self):
        rows = csr_matrix(np.eye(4, dtype=np.float32))
        with self.assertRaisesRegex(FittingError, "two different labels"):
            fit_heads([task(rows, ["en"] * 4)])
        with self.assertRaisesRegex(FittingError, "es has only one sentence"):
            fit_heads([task(rows, ["en", "en", "en", "es"])])

    def test_copies_of_a_sentence_are_never_on_both_sides(self):
        rows = csr_matrix(np.ones((4, 2), dtype=np.float32))
        with self.assertRaisesRegex(FittingError, "only one sentence"):
            fit_heads([Task(rows, ["a", "a", "b", "b"], ["1", "1", "2", "3"], [True] * 4)])


class Learning(unittest.TestCase):
    def test_the_slopes_are_those_of_the_loss(self):
        """Compare every slope with what a small change of the number does to the loss."""
        member = Member(5, 3, 4, seed=2)
        member._kept = lambda shape: np.ones(shape, dtype=np.float64)
        draw = np.random.default_rng(1)
        member.dense = {
            name: draw.normal(0, 0.5, part.shape) for name, part in member.dense.items()
        }
        sums, wanted = draw.normal(0, 1, (6, 7)), np.eye(3)[[0, 1, 2, 0, 1, 2]]

        def loss():
            found = member._forward(sums)
            return -(wanted * np.log(softmax(found.scores))).sum()

        found = member._forward(sums)
        deep, slopes = member._backward(found, softmax(found.scores) - wanted)
        for name, part in member.dense.items():
            for place in np.ndindex(part.shape):
                self.assertAlmostEqual(
                    slopes[name][place], self.change(part, place, loss), places=4
                )
        for place in np.ndindex(deep.shape):
            self.assertAlmostEqual(deep[place], self.change(sums, place, loss), places=4)

    def change(self, numbers, place, loss, step=1e-5):
        before = numbers[place]
        numbers[place] = before + step
        more = loss()
        numbers[place] = before - step
        less = loss()
        numbers[place] = before
        return (more - less) / (2 * step)

    def test_the_bend_has_the_slope_it_says(self):
        at = np.linspace(-4, 4, 81)
        slope = (bend(at + 1e-5)[0] - bend(at - 1e-5)[0]) / 2e-5
        np.testing.assert_allclose(bend(at)[1], slope, atol=1e-5)


class Stored(unittest.TestCase):
    def head(self, **more):
        rows, labels = clusters("abc")
        return rows, fit_heads([task(rows, labels, **more)])[0]

    def test_saved_and_loaded_it_says_the_same(self):
        rows, head = self.head(width=6, members=2)
        with tempfile.TemporaryDirectory() as folder:
            head.save(Path(folder), "intent")
            again = Head.load(Path(folder), "intent")
        for place in range(rows.shape[0]):
            row = rows[place]
            one, other = (h.probabilities(row.indices, row.data) for h in (head, again))
            np.testing.assert_array_equal(one, other)

    def test_the_less_trust_the_more_alike_all_labels_are(self):
        rows, head = self.head(width=6, members=2)
        first = [head.ranking(rows[0].indices, rows[0].data, 3, trust)[0] for trust in (1, 0.5, 0)]
        self.assertGreater(first[0][1], first[1][1])
        self.assertEqual(first[0][0], first[1][0])
        self.assertAlmostEqual(first[2][1], 1 / 3, places=5)

    def test_rounding_to_bytes_changes_little(self):
        draw = np.random.default_rng(4)
        vectors = draw.normal(0, 1, (40, 2 * 8 + 3)).astype(np.float32)
        dense = [{name: draw.normal(0, 1, shape) for name, shape in (
            ("gain", 8), ("shift", 8), ("hidden", (8, 8)), ("hidden_bias", 8), ("out", (8, 3)),
            ("bias", 3))} for _ in "12"]  # fmt: skip
        head = Head.of_weights(list("abc"), vectors, np.zeros(3), dense, 1.0)
        places, values = np.arange(10), np.full(10, 0.3, dtype=np.float32)
        sums = values @ vectors[places]
        exact = sums[16:] + np.mean(
            [deep_scores(sums[8 * n : 8 * n + 8], one) for n, one in enumerate(dense)], axis=0
        )
        np.testing.assert_allclose(head.scores(places, values), exact, atol=0.1)

    def test_broken_weights_are_refused(self):
        good = np.ones((3, 2))
        for labels, weights, bias, temperature in (
            (["a"], good, [0, 0], 1.0),
            (["a", "a"], good, [0, 0], 1.0),
            (["a", "b"], good, [0], 1.0),
            (["a", "b"], good * np.nan, [0, 0], 1.0),
            (["a", "b"], good, [0, 0], 0.0),
        ):
            with self.assertRaises(ValueError):
                Head.of_weights(labels, weights, np.array(bias), [], temperature)


class AtOnce(unittest.TestCase):
    def test_results_come_in_order_whoever_is_faster(self):
        for worth in (False, True):
            self.assertEqual(
                each_at_once(lambda n: n * n, range(7), worth), [0, 1, 4, 9, 16, 25, 36]
            )

    def test_shares_hold_everything_once(self):
        for count in (0, 1, 2, 7, 100):
            found = shares_of(list(range(count)))
            self.assertEqual([one for share in found for one in share], list(range(count)))


if __name__ == "__main__":
    unittest.main()

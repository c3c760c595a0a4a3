"""Measures against the truth: pairwise scores of clusters, scores of links.

Two observations are a true pair where gold calls them one item, a found pair where the prediction puts them in one
cluster. Counted over cluster sizes, never over pairs, so a million observations cost no more than reading them.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Scores:
    """How a prediction compares with the truth; 1.0 where there was nothing to get wrong."""

    precision: float
    recall: float
    n_found: int
    """Pairs the prediction makes."""
    n_true: int
    """Pairs there are."""
    n_right: int
    """Found pairs that are true."""

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def _scores(n_right: int, n_found: int, n_true: int) -> Scores:
    precision = n_right / n_found if n_found else 1.0
    recall = n_right / n_true if n_true else 1.0
    return Scores(precision, recall, n_found, n_true, n_right)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def pairwise_scores(
    gold: Mapping[Key, Hashable],
    predicted: Mapping[Key, Hashable],
    weights: Mapping[Key, int] | None = None,
) -> Scores:
    """Pairwise precision and recall of a clustering.

    Args:
        gold: Key to true label.
        predicted: Key to cluster; exactly the keys of gold.
        weights: How many observations a key stands for; None counts each once. Copies of one key are true pairs
            and found pairs of themselves.

    Raises:
        ValueError: A key is on one side only.
    """
    if gold.keys() != predicted.keys():
        missing = sorted(map(str, gold.keys() ^ predicted.keys()))[:3]
        raise ValueError(f"gold and prediction must hold the same keys, these stand on one side only: {missing}")
    true: Counter[Hashable] = Counter()
    found: Counter[Hashable] = Counter()
    right: Counter[tuple[Hashable, Hashable]] = Counter()
    for key, label in gold.items():
        weight = 1 if weights is None else weights[key]
        true[label] += weight
        found[predicted[key]] += weight
        right[label, predicted[key]] += weight
    return _scores(_pairs(right.values()), _pairs(found.values()), _pairs(true.values()))


def link_scores(gold: Iterable[tuple[Hashable, Hashable]], predicted: Iterable[tuple[Hashable, Hashable]]) -> Scores:
    """Precision and recall of links (event, article), each side given once."""
    true, found = set(gold), set(predicted)
    return _scores(len(true & found), len(found), len(true))


def wrong_pairs(
    gold: Mapping[Key, Hashable], predicted: Mapping[Key, Hashable], limit: int = 20
) -> tuple[list[tuple[Key, Key]], list[tuple[Key, Key]]]:
    """Some pairs of keys that were merged wrongly, and some that were parted wrongly, for a person to read."""
    merged = _across(predicted, gold, limit)
    return merged, _across(gold, predicted, limit)


def _across(inside: Mapping[Key, Hashable], across: Mapping[Key, Hashable], limit: int) -> list[tuple[Key, Key]]:
    """Pairs of keys that share a label in the first mapping and not in the second, one per label of the second."""
    members: dict[Hashable, dict[Hashable, Key]] = {}
    for key, label in inside.items():
        members.setdefault(label, {}).setdefault(across[key], key)
    pairs: list[tuple[Key, Key]] = []
    for keys in members.values():
        first, *others = keys.values()
        pairs += [(first, other) for other in others]
    return pairs[:limit]

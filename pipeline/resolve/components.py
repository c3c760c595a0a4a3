"""From judged pairs to clusters.

The decision made here: an accepted pair joins two clusters only if that brings no two wordings together which were
judged two items; and an incomplete wording follows one parent and never bridges two clusters.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence


class Components:
    """Disjoint sets of ids that refuse to bring vetoed pairs together."""

    def __init__(self, ids: Iterable[str], vetoes: Iterable[tuple[str, str]]) -> None:
        """Start with every id on its own; `vetoes` are pairs that may never share a set."""
        self._root = {name: name for name in ids}
        self._members = {name: [name] for name in self._root}
        self._foes: dict[str, set[str]] = defaultdict(set)
        for a, b in vetoes:
            self._foes[a].add(b)
            self._foes[b].add(a)

    def find(self, name: str) -> str:
        """The smallest id of the set `name` is in."""
        return self._root[name]

    def members(self, name: str) -> Sequence[str]:
        """All ids of the set `name` is in."""
        return self._members[self._root[name]]

    def may_join(self, a: str, b: str) -> bool:
        """Whether no member of one set is a foe of a member of the other."""
        small, large = sorted((self.find(a), self.find(b)), key=lambda root: len(self._members[root]))
        return small == large or not any(
            self._root[foe] == large for name in self._members[small] for foe in self._foes.get(name, ())
        )

    def join(self, a: str, b: str) -> bool:
        """Unite both sets; False, and nothing done, where a veto stands between them."""
        if not self.may_join(a, b):
            return False
        keep, drop = sorted((self.find(a), self.find(b)))
        if keep != drop:
            moved = self._members.pop(drop)
            self._members[keep].extend(moved)
            for name in moved:
                self._root[name] = keep
        return True

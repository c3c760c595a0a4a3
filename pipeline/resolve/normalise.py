"""From a title or a teaser as printed to the words two wordings are compared by.

The decision made here: what is mere typography (quotes, dashes, blanks, ligatures, the case of letters) and what is
kept (every digit, every letter, a leading `PHOTO:` or `VIDEO:`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Final

from pipeline.resolve.name_words import MONTHS

_TYPOGRAPHY: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys("‘’‚‛′´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", ""),
    "…": "...",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬀ": "ff",
}
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_ESCAPED: Final = re.compile(r"\\+(?=['`])")
_WORD: Final = re.compile(r"\w+(?:'\w+)*(?:(?<=\d)[.,:/]\d\w*)*|[£$€%]")
_KIND: Final = re.compile(
    r"((?:photo|video|audio)s?(?:\s*(?:[/&,+]|and)\s*(?:photo|video|audio)s?)*)\s*[:|]\s*", re.IGNORECASE
)
_KIND_NAME: Final = re.compile(r"photo|video|audio")
_SENTENCE_END: Final = frozenset(".!?")


def canonical(text: str) -> str:
    """The text with typography made plain and runs of blanks collapsed; letters, their case and digits are kept.

    Deliberately weaker than NFKC, which would turn `²` into `2` and thereby make a new digit.
    """
    plain = text
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", plain)
        # a text has two or three such characters: four times as fast as `translate`, which looks each letter up
        for found in _TYPOGRAPHY.keys() & set(_NOT_ASCII.findall(plain)):
            plain = plain.replace(found, _TYPOGRAPHY[found])
        plain = unicodedata.normalize("NFC", plain)  # an accent may have come to stand beside its letter
    if "\\" in plain:
        plain = _ESCAPED.sub("", plain)
    return " ".join(plain.replace("`", "'").replace("''", '"').split())


def split_kind(title: str) -> tuple[str, str]:
    """Take a leading `PHOTO:`/`VIDEO:` off a canonical title: (`photo`, `video`, `photo+video` … or '', the rest)."""
    found = _KIND.match(title)
    if found is None:
        return "", title
    return "+".join(sorted(set(_KIND_NAME.findall(found[1].lower())))), title[found.end() :]


@dataclass(frozen=True)
class Words:
    """The words of one canonical text, in order.

    A word is one object however many texts have it: a site has few words, and its wordings are held by ten thousands.
    """

    text: str
    """The canonical text they were read from."""

    @cached_property
    def raw(self) -> tuple[str, ...]:
        """The words as printed, dates like `March 5` already put as `5 March`."""
        return _days_first(list(map(intern, _WORD.findall(self.text))))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words without case; `'s` and other apostrophes stay."""
        return tuple([intern(word.casefold()) for word in self.raw])

    @cached_property
    def is_shouted(self) -> bool:
        """Whether most words are in capitals, so that a capital letter says nothing about a word."""
        return sum(map(str.isupper, self.raw)) > 0.7 * len(self.raw)

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple([found.end() for found in _WORD.finditer(self.text)])

    def ends_sentence(self, n_words: int) -> bool:
        """Whether a sentence mark follows the first `n_words` words."""
        return n_words > 0 and not _SENTENCE_END.isdisjoint(self.text[self._ends[n_words - 1] :][:2])

    def first(self, n_words: int) -> "Words":
        """The text up to the end of its first `n_words` words."""
        return Words(self.text[: self._ends[n_words - 1]] if n_words else "")

    def without_broken_word(self) -> "Words":
        """The words of a text that breaks off: without the last one unless a mark behind it shows that it is whole."""
        if self._ends and self._ends[-1] == len(self.text):
            return Words(self.text[: self._ends[-2]] if len(self._ends) > 1 else "")
        return self


@dataclass(frozen=True)
class Wording:
    """One distinct wording of a teaser, ready to be compared."""

    form_id: str
    day: int | None
    """Published day as days since 1970-01-01."""
    title: str
    """Canonical; '' without a title."""
    teaser: str | None
    """Canonical; None where the page shows no text."""
    is_cut: bool
    """The dump ended within the wording: the last part of it (teaser, else title) may go on."""

    @cached_property
    def kind(self) -> str:
        """`photo`, `video`, `audio`, several joined by `+`, or ''."""
        return split_kind(self.title)[0]

    @cached_property
    def title_words(self) -> Words:
        """Words of the title after the kind."""
        return Words(split_kind(self.title)[1])

    @cached_property
    def text_words(self) -> Words:
        """Words of the text; none without a text."""
        return Words(self.teaser or "")

    @cached_property
    def folded_title(self) -> str:
        """Canonical title without case."""
        return self.title.casefold()

    @cached_property
    def folded_text(self) -> str:
        """Canonical text without case, '' without a text."""
        return (self.teaser or "").casefold()

    @property
    def is_incomplete(self) -> bool:
        """Whether the wording may only follow one parent: cut by the dump, or without its text."""
        return self.is_cut or self.teaser is None


def wording(form_id: str, day: int | None, title: str | None, teaser: str | None, *, is_cut: bool) -> Wording:
    """Prepare a form as printed; a teaser of blanks counts as none."""
    return Wording(form_id, day, canonical(title or ""), (canonical(teaser) if teaser else "") or None, is_cut)


def _days_first(words: list[str]) -> tuple[str, ...]:
    """Order `March 5` as `5 March`, so that the two ways to print a day are no difference."""
    for place, word in enumerate(words[1:], start=1):
        month, before = words[place - 1], words[place - 2] if place > 1 else ""
        if _is_day(word) and month[0].isupper() and month.casefold() in MONTHS and not _is_day(before):
            words[place - 1], words[place] = word, month
    return tuple(words)


def _is_day(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2

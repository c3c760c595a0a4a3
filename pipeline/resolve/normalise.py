"""From a title or a teaser as printed to the words two wordings are compared by.

The decision made here: what is mere typography (quotes, dashes, blanks, ligatures, the case of letters) and what is
kept (every digit, every letter, a leading `PHOTO:` or `VIDEO:`).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.resolve.name_words import MONTHS

_TYPOGRAPHY: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"),
        "…": "...",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬀ": "ff",
    }
)
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WORD: Final = re.compile(r"\w+(?:'\w+)*(?:(?<=\d)[.,:/]\d\w*)*|[£$€%]")
_KIND: Final = re.compile(
    r"((?:photo|video|audio)s?(?:\s*(?:[/&,+]|and)\s*(?:photo|video|audio)s?)*)\s*[:|]\s*", re.IGNORECASE
)
_KIND_NAME: Final = re.compile(r"photo|video|audio")
_HAS_MONTH: Final = re.compile(r"\b[A-ZА-Я]\w{2,8}\W{1,2}\d")
_SENTENCE_END: Final = frozenset(".!?")


def canonical(text: str) -> str:
    """The text with typography made plain and runs of blanks collapsed; letters, their case and digits are kept.

    Deliberately weaker than NFKC, which would turn `²` into `2` and thereby make a new digit.
    """
    plain = unicodedata.normalize("NFC", text).replace("\\'", "'").translate(_FULL_WIDTH).translate(_TYPOGRAPHY)
    return " ".join(plain.replace("''", '"').split())


def split_kind(title: str) -> tuple[str, str]:
    """Take a leading `PHOTO:`/`VIDEO:` off a canonical title: (`photo`, `video`, `photo+video` … or '', the rest)."""
    found = _KIND.match(title)
    if found is None:
        return "", title
    return "+".join(sorted(set(_KIND_NAME.findall(found[1].lower())))), title[found.end() :]


@dataclass(frozen=True)
class Words:
    """The words of one canonical text, in order."""

    text: str
    """The canonical text they were read from."""

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each word in `text`, dates like `March 5` already put as `5 March`."""
        return _days_first(self.text, [found.span() for found in _WORD.finditer(self.text)])

    @cached_property
    def raw(self) -> tuple[str, ...]:
        """The words as printed."""
        return tuple([self.text[start:end] for start, end in self.spans])

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words without case; `'s` and other apostrophes stay."""
        return tuple([word.casefold() for word in self.raw])

    @cached_property
    def is_shouted(self) -> bool:
        """Whether the text is in capitals, so that a capital letter says nothing about a word."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return sum(letter.isupper() for letter in letters) > 0.7 * len(letters)

    def ends_sentence(self, n_words: int) -> bool:
        """Whether a sentence mark follows the first `n_words` words."""
        return n_words > 0 and not _SENTENCE_END.isdisjoint(self.text[self.spans[n_words - 1][1] :][:2])


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


def _days_first(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Order `March 5` as `5 March`, so that the two ways to print a day are no difference."""
    if _HAS_MONTH.search(text) is None:
        return tuple(spans)
    places = [place for place, (start, end) in enumerate(spans) if text[start:end].casefold() in MONTHS]
    for place in places:
        is_after = place + 1 < len(spans) and _is_day(text[slice(*spans[place + 1])])
        is_before = place > 0 and _is_day(text[slice(*spans[place - 1])])
        if text[spans[place][0]].isupper() and is_after and not is_before:
            spans[place], spans[place + 1] = spans[place + 1], spans[place]
    return tuple(spans)


def _is_day(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2

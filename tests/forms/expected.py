"""What a simulated crawl must come to, read off the simulation's own gold and never off the pipeline.

Ids of captures are made by the rule of data-model.md, written down a second time on purpose.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from tests.simulation import SimCapture
from tests.simulation.writers import Form, main_content, newest_per_url, urlkey

CaptureFacts = tuple[str | None, datetime | None, date | None, str | None, str | None, int | None, int, bool]
"""urlkey, captured_at, page date, Moscow's clock, London's clock, teasers, counters, lists observable."""
Teaser = tuple[str, int, date, str | None, str | None, str | None]
"""capture_id, position, date, title, text, urlkey of its link."""
Article = tuple[str, str | None, date | None, int, bool]
"""capture_id, title, date as printed, paragraphs, broken off."""
Counter = tuple[str, str, int, date]
"""capture_id, counter, days, day it starts."""


@dataclass(frozen=True)
class Expected:
    """What a form must give of a crawl, as far as the form can hold it."""

    held: tuple[SimCapture, ...]
    """The captures in the form."""
    form: Form
    lists_observable: bool
    is_extracted: bool
    """Only the article's own lines are there."""
    ending: str
    """What the tool added to the names that urls are read from."""

    @cached_property
    def pages(self) -> dict[str, SimCapture]:
        """The captures that show any text, by capture_id; of those that share an id the first."""
        found: dict[str, SimCapture] = {}
        for capture in self.held:
            if self.text(capture).strip():
                found.setdefault(self.capture_id(capture), capture)
        return found

    def text(self, capture: SimCapture) -> str:
        """The text that the form holds."""
        return main_content(capture) if self.is_extracted else capture.text

    def captured_at(self, capture: SimCapture) -> datetime | None:
        """The dump's own time, else the page's clock, else nothing."""
        if self.form.keeps_time:
            return capture.captured_at
        if capture.header is None or self.is_extracted:
            return None
        return capture.captured_at.replace(second=0)

    def capture_id(self, capture: SimCapture) -> str:
        """By the rule of data-model.md, "Ids"."""
        at = self.captured_at(capture)
        instant = "" if at is None else f"{at:%Y-%m-%dT%H:%MZ}"
        return "c" + hashlib.sha256(f"{_text_sha256(self.text(capture))}\n{instant}".encode()).hexdigest()[:16]

    @property
    def captures(self) -> dict[str, CaptureFacts]:
        """Facts of each capture."""
        return {key: self._facts(capture) for key, capture in self.pages.items()}

    def _facts(self, capture: SimCapture) -> CaptureFacts:
        has_header = capture.header is not None and not self.is_extracted
        moscow, london = (capture.clocks or (None, None)) if has_header else (None, None)
        n_teasers = None if self.is_extracted else len(capture.teasers)
        return (
            self._urlkey(capture),
            self.captured_at(capture),
            capture.page_date if has_header else None,
            moscow,
            london,
            None if not self.lists_observable and not n_teasers else n_teasers,
            len(capture.counters) if has_header else 0,
            self.lists_observable,
        )

    def _urlkey(self, capture: SimCapture) -> str | None:
        if not self.form.keeps_url:
            return None
        return urlkey(capture.url.rstrip("/") + self.ending if self.ending else capture.url)

    def is_known_section(self, capture: SimCapture) -> bool:
        """Whether the form tells that a page is undated text of a section: only its URL does."""
        return capture.kind == "section" and self.form.keeps_url and not self.ending

    @property
    def kinds(self) -> dict[str, str]:
        """Kind of each captured page."""
        return {
            key: "listing" if capture.kind == "listing" else "section" if self.is_known_section(capture) else "article"
            for key, capture in self.pages.items()
        }

    @property
    def teasers(self) -> dict[Teaser, str]:
        """Every printed teaser and the item it is of."""
        if self.is_extracted:
            return {}
        return {
            (
                key,
                teaser.position,
                teaser.published_on,
                teaser.title or None,
                teaser.text,
                f"uk,org,rusemb){teaser.path}" if self.form.is_html else None,
            ): teaser.item_id
            for key, capture in self.pages.items()
            for teaser in capture.teasers
        }

    @property
    def articles(self) -> dict[Article, str]:
        """Every shown article and the item it is of."""
        found: dict[Article, str] = {}
        for key, capture in self.pages.items():
            article = capture.article
            if article is not None:
                day = None if self.is_extracted else article.published_on
                is_cut = article.is_cut or self._looks_cut(capture)
                found[key, article.title, day, len(article.paragraphs), is_cut] = article.item_id
        return found

    def _looks_cut(self, capture: SimCapture) -> bool:
        """A page with a header ends with a list, unless it is known to be a section's: without one it was cut."""
        return capture.kind == "section" and not self.is_known_section(capture) and not self.is_extracted

    @property
    def counters(self) -> list[Counter]:
        """Every counter of every capture, sorted."""
        if self.is_extracted:
            return []
        starts = {
            "salisbury-incident": date(2018, 3, 4),
            "death-of-nikolay-glushkov-on-british-soil": date(2018, 3, 12),
        }
        return sorted(
            (key, slug, days, starts[slug]) for key, capture in self.pages.items() for slug, days in capture.counters
        )

    @property
    def newest_bodies(self) -> dict[str, str]:
        """Letters of the newest text of each item that some capture shows whole."""
        found: dict[str, tuple[int, str]] = {}
        for capture in self.pages.values():
            article = capture.article
            if article is None or article.is_cut or self._looks_cut(capture):
                continue
            if article.item_id not in found or found[article.item_id][0] < article.version:
                found[article.item_id] = (article.version, letters_of("".join(article.paragraphs)))
        return {item: letters for item, (_, letters) in found.items()}

    def headed_first(self) -> set[str]:
        """Items whose first capture has a header: the page's own clock knows when they were first seen."""
        first: dict[str, SimCapture] = {}
        for capture in sorted(self.held, key=lambda one: one.captured_at):
            for item in {teaser.item_id for teaser in capture.teasers} | ({capture.item_id} - {None}):
                first.setdefault(item or "", capture)
        return {item for item, capture in first.items() if capture.header is not None}


def expected(captures: Sequence[SimCapture], form: Form, name: str) -> Expected:
    """What the form of that name must give of the captures."""
    held = newest_per_url(captures) if form.newest_only else captures
    is_corpus = form.raw_format in ("jsonl", "parquet")
    return Expected(
        tuple(held),
        form,
        lists_observable=not is_corpus,
        is_extracted="extracted" in name,
        ending=".html" if name == "wget" else "",
    )


def letters_of(text: str) -> str:
    """Letters and digits alone: quotes, dashes and blanks make no other text."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def is_bijection(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether each left belongs to one right and each right to one left."""
    distinct = set(pairs)
    return len({left for left, _ in distinct}) == len({right for _, right in distinct}) == len(distinct)


def _text_sha256(text: str) -> str:
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    whole = "\n".join(" ".join(line.split()) for line in lines if line.strip())
    return hashlib.sha256(whole.encode()).hexdigest()

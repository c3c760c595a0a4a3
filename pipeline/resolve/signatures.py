"""From the distinct texts of articles to what they are compared by: keys, openings, samples of their words.

The decision made here: texts are compared by digests and short stretches first; whole bodies are normalised again,
a few at a time, only where those leave a question open, so that memory holds no second copy of the corpus.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple

import polars as pl

from pipeline.remember import DIGEST, remembered_rows
from pipeline.resolve.ids import article_form_id, text_key
from pipeline.resolve.normalise import Words, canonical, split_kind
from pipeline.resolve.printed import PrintedBodies, pieces_with_bodies
from pipeline.resolve.words import normal_texts

TEXTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "text_id": pl.String,
    "urlkey": pl.String,
    "title": pl.String,
    "published_on": pl.Date,
    "section": pl.String,
    "body_sha256": pl.String,
    "is_truncated": pl.Boolean,
    "n_captures": pl.Int64,
    "first_captured_at": pl.Datetime("us", "UTC"),
    "last_captured_at": pl.Datetime("us", "UTC"),
    "source_capture_id": pl.String,
}
"""Columns of the distinct texts: one row per distinct (urlkey, title, published_on, section, body); the body by its
digest (`printed`)."""

SHORT: Final = 150
"""Words up to which two bodies are compared word by word."""
ENOUGH: Final = 20
"""Words a body needs to carry a verdict together with a title."""
OPENING_WORDS: Final = 8
_SHINGLE: Final = 5
_SAMPLED: Final = 8
"""One of so many stretches of five words is kept in a text's sample."""
_STRETCH: Final = 64
"""Bodies that are normalised together."""
_NUMBERED: Final = re.compile(r"^/([a-z]+)/(\d+)$")
_BY_QUERY: Final = re.compile(r"^/index\.php\?")
_PAGER: Final = re.compile(r"[&?](?:start|ps|ppp)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of one article: the key that stays the same in all spellings of its URL."""

    key: str
    folder: str
    number: int | None
    """Null for a text that has no number (`embassy/`)."""

    def excludes(self, other: "Address") -> bool:
        """Whether the two cannot be one item: other numbers of one section (source-format.md, Pages)."""
        return self.folder == other.folder and self.number != other.number


@lru_cache(maxsize=4096)
def article_address(urlkey: str | None) -> Address | None:
    """Read an article's address off a SURT key; null where the key names a listing, the home page or nothing.

    `…)/index.php?id=7&path=article` and `…)/article/7/` are `…)/article/7`. The mobile host's addresses are others: the
    number at their end is not the article's (source-format.md, Pages: ids), so only words join them.
    """
    if urlkey is None or ")" not in urlkey:
        return None
    host, _, path = urlkey.partition(")")
    if _BY_QUERY.match(path):
        query = dict(part.partition("=")[::2] for part in path.partition("?")[2].split("&"))
        if "path" in query and query.get("id", "").isdecimal():
            path = f"/{query['path']}/{query['id']}"
    if _PAGER.search(path):
        return None
    path = path.lower().rstrip("/")
    if not path or path.startswith("/index."):
        return None
    numbered = _NUMBERED.match(path)
    if numbered is None:
        return Address(f"{host}){path}", f"{host}){path}", None)
    return Address(f"{host}){path}", f"{host})/{numbered[1]}", int(numbered[2]))


@dataclass(frozen=True, slots=True)
class Form:
    """One distinct (address, title, date, words) of an article: what a cluster is made of."""

    form_id: str
    address: Address | None
    printed_title: str | None
    title: str | None
    """Normal text of the title; null where it has no words."""
    kind: str | None
    """`photo`, `video` … as the title says at its start, '' where it does not; null without a title."""
    published_on: date | None
    body_key: str
    """Digest of the body's normal text."""
    n_words: int
    opening: str
    """The first 8 words of the normal body; all of them where there are fewer."""
    second_opening: str
    """Words 9 to 16, for bodies whose greeting was edited."""
    ending: str
    """The last 8 words."""
    is_truncated: bool
    """No capture shows it whole."""
    first_captured_at: datetime | None
    printing: tuple[str, str]
    """Title and digest of the body as printed: tells printings of one form apart whatever the order of the input."""
    row: int
    """A row of the texts that shows it."""


FACTS: Final[dict[str, type[pl.DataType]]] = {
    "form_id": pl.String,
    "normal_title": pl.String,
    "kind": pl.String,
    "body_key": pl.String,
    "n_words": pl.Int64,
    "opening": pl.String,
    "second_opening": pl.String,
    "ending": pl.String,
    "printed_key": pl.String,
}
"""What is read off one text alone; see `Form`. `printed_key` is the digest of the body as printed."""


def text_facts(texts: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """`FACTS` of each text, by `text_id`.

    Args:
        texts: columns `TEXTS`.
        bodies: their bodies.
    """
    # a body stands under several addresses and labels: its texts are asked for together
    ordered = texts.sort("body_sha256", "text_id")

    def pick(missing: pl.Series) -> tuple[pl.DataFrame, PrintedBodies]:
        rows = ordered.join(missing.to_frame("text_id"), on="text_id", how="semi", maintain_order="left")
        return rows.select("text_id", *_READ), bodies.only(rows["body_sha256"])

    return remembered_rows("article-texts", ordered["text_id"], pick, _facts_of).rename({DIGEST: "text_id"})


_READ: Final = ("urlkey", "title", "published_on", "body_sha256")


def _facts_of(picked: tuple[pl.DataFrame, PrintedBodies]) -> pl.DataFrame:
    parts = [_facts(part) for part in pieces_with_bodies(*picked)]
    return pl.concat([pl.DataFrame(schema={DIGEST: pl.String, **FACTS}), *parts])


def _facts(texts: pl.DataFrame) -> pl.DataFrame:
    body = pl.col("body").fill_null("")
    read = texts.select("text_id", "urlkey", "title", "published_on", body, normal_title=normal_texts(pl.col("title")))
    bodies = texts.select(body).unique().with_columns(normal_body=normal_texts(pl.col("body")))
    of_body = {printed: _body_facts(printed, normal) for printed, normal in bodies.iter_rows()}
    rows = []
    for name, urlkey, title, published_on, printed, normal_title in read.iter_rows():
        address = article_address(urlkey)
        facts = of_body[printed]
        form_id = article_form_id(None if address is None else address.key, title, published_on, facts.text_key)
        kind = split_kind(canonical(title))[0] if title else None
        rows.append((name, form_id, normal_title or None, kind, *facts[1:]))
    return pl.DataFrame(rows, schema={DIGEST: pl.String, **FACTS}, orient="row")


class _BodyFacts(NamedTuple):
    text_key: str
    body_key: str
    n_words: int
    opening: str
    second_opening: str
    ending: str
    printed_key: str


def _body_facts(printed: str, body: str) -> _BodyFacts:
    words = body[:400].split(" ")[: 2 * OPENING_WORDS] if body else []
    return _BodyFacts(
        text_key=text_key(None, body),
        body_key=hashlib.sha256(body.encode()).hexdigest(),
        n_words=body.count(" ") + 1 if body else 0,
        opening=" ".join(words[:OPENING_WORDS]),
        second_opening=" ".join(words[OPENING_WORDS:]),
        ending=" ".join(body[-200:].split(" ")[-OPENING_WORDS:]),
        printed_key=hashlib.sha256(printed.encode()).hexdigest(),
    )


def read_forms(texts: pl.DataFrame) -> list[list[Form]]:
    """The distinct forms of each neighbourhood in order of their ids.

    Args:
        texts: columns `TEXTS`, `FACTS` and `neighbourhood`; a form's row is its place here.
    """
    found: dict[int, dict[str, Form]] = {}
    for row, (neighbourhood, *read) in enumerate(texts.select("neighbourhood", *_OF_FORM).iter_rows()):
        by_id = found.setdefault(neighbourhood, {})
        form = _form(row, *read)
        earlier = by_id.get(form.form_id)
        by_id[form.form_id] = form if earlier is None else _merged(earlier, form)
    return [[by_id[name] for name in sorted(by_id)] for _, by_id in sorted(found.items())]


_OF_FORM: Final = ("urlkey", "title", "published_on", "is_truncated", "first_captured_at", *FACTS)


def _form(
    row: int,
    urlkey: str | None,
    title: str | None,
    published_on: date | None,
    is_truncated: bool,
    first_captured_at: datetime | None,
    form_id: str,
    normal_title: str | None,
    kind: str | None,
    body_key: str,
    n_words: int,
    opening: str,
    second_opening: str,
    ending: str,
    printed_key: str,
) -> Form:
    return Form(
        form_id=form_id,
        address=article_address(urlkey),
        printed_title=title,
        title=normal_title,
        kind=kind,
        published_on=published_on,
        body_key=body_key,
        n_words=n_words,
        opening=opening,
        second_opening=second_opening,
        ending=ending,
        is_truncated=is_truncated,
        first_captured_at=first_captured_at,
        printing=(title or "", printed_key),
        row=row,
    )


def _merged(a: Form, b: Form) -> Form:
    """One form seen in two texts (other quotes, another section label)."""
    first = min(a, b, key=lambda form: (form.is_truncated, form.printing))
    at = min((x for x in (a.first_captured_at, b.first_captured_at) if x is not None), default=None)
    return replace(first, is_truncated=a.is_truncated and b.is_truncated, first_captured_at=at)


class Bodies:
    """Bodies as they are compared: normal texts, words, samples of words; made when asked for and kept for a while.

    Rows that lie together are compared with each other, and a column of texts is normalised ten times as fast as its
    texts one by one, so the neighbours of a row that is asked for are read and normalised with it. Rows of one body,
    printed at several addresses or under several titles, are one.
    """

    def __init__(self, digests: pl.Series, bodies: PrintedBodies) -> None:
        """Take the digest of each row's body, and the bodies."""
        self._bodies = bodies.by_row(digests)
        numbered = digests.to_frame("digest").with_row_index("row")
        self._first = numbered.select(pl.col("row").min().over("digest"))["row"].to_list()
        self._sample = lru_cache(maxsize=4_000)(self._make_sample)
        self._words = lru_cache(maxsize=4_000)(self._make_words)
        self._printed = lru_cache(maxsize=16)(self._read_stretch)
        self._stretch = lru_cache(maxsize=16)(self._make_stretch)

    def text(self, row: int) -> str:
        """The normal text of a row's body."""
        stretch, place = divmod(row, _STRETCH)
        return str(self._stretch(stretch)[place])

    def words(self, row: int) -> Words:
        """The words of a row's body, ready to be compared one by one."""
        return self._words(self._first[row])

    def sample(self, row: int) -> frozenset[int]:
        """Hashes of one in eight stretches of five words: their overlap estimates the texts' overlap."""
        return self._sample(self._first[row])

    def _read_stretch(self, stretch: int) -> pl.Series:
        return self._bodies.read(stretch * _STRETCH, _STRETCH).fill_null("")

    def _make_stretch(self, stretch: int) -> pl.Series:
        return self._printed(stretch).to_frame("body").select(normal_texts(pl.col("body")))["body"]

    def _make_words(self, row: int) -> Words:
        stretch, place = divmod(row, _STRETCH)
        return Words(canonical(self._printed(stretch)[place]))

    def _make_sample(self, row: int) -> frozenset[int]:
        return frozenset(digest for digest in map(zlib.crc32, _shingles(self.text(row))) if digest % _SAMPLED == 0)


def _shingles(text: str) -> Iterator[bytes]:
    words: Sequence[bytes] = text.encode().split(b" ")
    return (b" ".join(words[at : at + _SHINGLE]) for at in range(max(len(words) - _SHINGLE + 1, 1)))


def blocks(keys: Mapping[int, Sequence[str]]) -> list[list[int]]:
    """Members that share a key, for every key of at least two members; order of keys and members is fixed."""
    shared: dict[str, list[int]] = {}
    for member in sorted(keys):
        for key in keys[member]:
            shared.setdefault(key, []).append(member)
    return [shared[key] for key in sorted(shared) if len(shared[key]) > 1]

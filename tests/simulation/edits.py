"""An item's life after publication: which wordings it had, from when on, and what was done to get there.

The one decision made here is what counts as the same text: `version` numbers words, so that other quotes, dashes,
blanks or capitals are no new version, and words that return get their old number back. No edit touches a digit, a month
or a name: on the real site those tell items apart.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tests.simulation.drafts import Body, Draft
from tests.simulation.words import ADJECTIVES, PLURALS, VERBS, Pen, ambassador


@dataclass(frozen=True, slots=True)
class Wording:
    """What the site shows for an item from `valid_from` on."""

    valid_from: datetime
    """UTC."""
    published_on: date
    title: str | None
    body: Body
    teaser: str
    version: int
    """0-based number of the distinct words of title and body, in order of first appearance."""
    edits: tuple[str, ...]
    """What was done to the wording before."""


@dataclass(frozen=True, slots=True)
class EditRates:
    """How many items out of one see each kind of edit."""

    typo_fixed: float = 0.08
    title_words: float = 0.03
    title_extended: float = 0.02
    title_case: float = 0.02
    punctuation: float = 0.03
    teaser_longer: float = 0.03
    teaser_shorter: float = 0.03
    opening_words: float = 0.02
    body_words: float = 0.06
    text_extended: float = 0.03
    text_cut: float = 0.02
    redated: float = 0.02
    reverted: float = 0.012


EARLY = (
    "typo_fixed",
    "title_words",
    "title_extended",
    "title_case",
    "punctuation",
    "teaser_longer",
    "teaser_shorter",
    "opening_words",
    "redated",
)
LATE = ("body_words", "text_extended", "text_cut")
_TITLE_SWAPS = (
    ("remarks", "statement"), ("concerning", "regarding"), ("regarding", "on"), ("interview", "talk"),
    ("letter", "note"), ("following", "after"), ("during", "at"), ("opening", "launch"), ("closed", "shut"),
    ("response", "reply"),
)  # fmt: skip
_LONG_WORD = re.compile(r"(?<![\w’'-])[a-z]{6,}(?![\w’'-])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _State:
    published_on: date
    title: str | None
    body: Body
    n_teaser_sentences: int


def flatten(body: Body, n_sentences: int) -> str:
    """The first sentences of a body on one line, as a teaser prints them."""
    flat = [sentence for paragraph in body for sentence in paragraph]
    return " ".join(flat[:n_sentences])


def word_key(title: str | None, body: Body) -> str:
    """The words of a text without what is only its rendering."""
    return " ".join(_WORD.findall(" ".join([title or "", *(" ".join(paragraph) for paragraph in body)]).casefold()))


def mistype(text: str, pen: Pen) -> str:
    """The text with one long lower-case word mistyped: a letter lost, doubled or two swapped."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = words[pen.between(0, len(words) - 1)]
    at = word.start() + pen.between(1, len(word[0]) - 3)
    how = pen.rng.random()
    if how < 0.6 or text[at] == text[at + 1]:
        return text[:at] + text[at + 1 :]
    if how < 0.8:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _vowel(word: str) -> bool:
    return word[0] in "aeiou"


def _reword(text: str, pen: Pen) -> str:
    for pool in (ADJECTIVES, VERBS, PLURALS):
        known = [word for word in re.findall(r"\b[a-z]+\b", text) if word in pool]
        if known:
            old = known[pen.between(0, len(known) - 1)]
            new = pen.pick(tuple(word for word in pool if word != old and _vowel(word) == _vowel(old)))
            return re.sub(rf"\b{old}\b", new, text, count=1)
    return text


def _edit_sentence(body: Body, paragraph: int, sentence: int, change: Callable[[str], str]) -> Body:
    sentences = body[paragraph]
    edited = (*sentences[:sentence], change(sentences[sentence]), *sentences[sentence + 1 :])
    return (*body[:paragraph], edited, *body[paragraph + 1 :])


def _opening_place(state: _State) -> tuple[int, int]:
    """The first long sentence: the greeting before it is too short to edit."""
    for number, paragraph in enumerate(state.body):
        for place, sentence in enumerate(paragraph):
            if len(sentence) > 40:
                return number, place
    return 0, 0


def _with_typo(state: _State, pen: Pen) -> _State:
    if state.title is not None and pen.chance(0.5):
        return replace(state, title=mistype(state.title, pen))
    return replace(state, body=_edit_sentence(state.body, *_opening_place(state), lambda text: mistype(text, pen)))


def _title_words(state: _State, pen: Pen) -> _State:
    for old, new in _TITLE_SWAPS:
        if state.title is not None and re.search(rf"\b{old}\b", state.title):
            return replace(state, title=re.sub(rf"\b{old}\b", new, state.title, count=1))
    return state


def _title_extended(state: _State, pen: Pen) -> _State:
    if state.title is None:
        return state
    tail = pen.pick(
        (f" (by Ambassador {ambassador(state.published_on)})", " (full text)", ", updated", " (in Russian)")
    )
    return replace(state, title=state.title + tail)


def _title_case(state: _State, pen: Pen) -> _State:
    if state.title is None:
        return state
    words = list(re.finditer(r"\b[a-z]{3,}\b", state.title))
    if not words:
        return state
    word = words[pen.between(0, len(words) - 1)]
    return replace(state, title=state.title[: word.start()] + word[0].capitalize() + state.title[word.end() :])


def _repunctuate(text: str) -> str:
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace(" – ", " — ")


def _punctuation(state: _State, pen: Pen) -> _State:
    body = tuple(tuple(_repunctuate(sentence) for sentence in paragraph) for paragraph in state.body)
    return replace(state, title=None if state.title is None else _repunctuate(state.title), body=body)


def _teaser_longer(state: _State, pen: Pen) -> _State:
    return (
        replace(state, n_teaser_sentences=state.n_teaser_sentences + pen.between(1, 3))
        if state.n_teaser_sentences
        else state
    )


def _teaser_shorter(state: _State, pen: Pen) -> _State:
    fewer = state.n_teaser_sentences - pen.between(1, 2)
    return replace(state, n_teaser_sentences=fewer) if fewer >= 2 else state


def _opening_words(state: _State, pen: Pen) -> _State:
    return replace(state, body=_edit_sentence(state.body, *_opening_place(state), lambda text: _reword(text, pen)))


def _body_words(state: _State, pen: Pen) -> _State:
    if len(state.body) < 3:
        return state
    paragraph = pen.between(2, len(state.body) - 1)
    sentence = pen.between(0, len(state.body[paragraph]) - 1)
    if sentence and pen.chance(0.4):
        return replace(state, body=_edit_sentence(state.body, paragraph, sentence, lambda _: pen.sentence()))
    return replace(state, body=_edit_sentence(state.body, paragraph, sentence, lambda text: _reword(text, pen)))


def _text_extended(state: _State, pen: Pen) -> _State:
    return replace(state, body=(*state.body, pen.sentences(1, 4)))


def _text_cut(state: _State, pen: Pen) -> _State:
    return replace(state, body=state.body[:-1]) if len(state.body) > 3 else state


_CHANGES: dict[str, Callable[[_State, Pen], _State]] = {
    "title_words": _title_words,
    "title_extended": _title_extended,
    "title_case": _title_case,
    "punctuation": _punctuation,
    "teaser_longer": _teaser_longer,
    "teaser_shorter": _teaser_shorter,
    "opening_words": _opening_words,
    "body_words": _body_words,
    "text_extended": _text_extended,
    "text_cut": _text_cut,
}


def _change(kind: str, state: _State, draft: Draft, pen: Pen) -> _State:
    if kind != "redated":
        return _CHANGES[kind](state, pen)
    backwards = (draft.title_date is None or draft.title_date < state.published_on) and pen.chance(0.5)
    return replace(state, published_on=state.published_on + timedelta(days=-1 if backwards else 1))


def live(pen: Pen, draft: Draft, published_at: datetime, rates: EditRates) -> tuple[Wording, ...]:
    """All wordings of an item, oldest first; each differs from the one before.

    Args:
        pen: The item's source of chance.
        draft: What was meant.
        published_at: When it came out (UTC).
        rates: How often each edit happens.
    """
    chosen = [kind for kind in (*EARLY, *LATE) if pen.chance(getattr(rates, kind))]
    reverted = pen.chance(rates.reverted)
    if reverted and not set(chosen) & {"body_words", "opening_words", "title_words"}:
        chosen.append("body_words" if len(draft.body) > 2 else "opening_words")
    clean = _State(published_at.date(), draft.title, draft.body, draft.n_teaser_sentences)
    state = _with_typo(clean, pen) if "typo_fixed" in chosen else clean
    states: list[tuple[datetime, _State, tuple[str, ...]]] = [(published_at, state, ())]
    at = published_at
    waiting: tuple[str, ...] = ()
    for kind in chosen:
        before = state
        state = clean if kind == "typo_fixed" else _change(kind, state, draft, pen)
        if state == before:
            continue
        at += timedelta(minutes=pen.between(20, 4000) if kind in EARLY else pen.between(600, 200_000))
        if kind == "redated":
            at += timedelta(days=1)
        waiting = (*waiting, kind)
        if pen.chance(0.15) and kind != chosen[-1]:
            continue  # saved together with the next edit
        if state != states[-1][1]:  # what one edit added the next may have taken away
            states.append((at, state, waiting))
        waiting = ()
    if waiting and state != states[-1][1]:
        states.append((at, state, waiting))
    if reverted and len(states) > 1:
        earlier = replace(states[-2][1], published_on=state.published_on)
        states.append((at + timedelta(minutes=pen.between(600, 60_000)), earlier, ("reverted",)))
    return _wordings(states)


def _wordings(states: list[tuple[datetime, _State, tuple[str, ...]]]) -> tuple[Wording, ...]:
    versions: dict[str, int] = {}
    wordings = []
    for valid_from, state, edits in states:
        version = versions.setdefault(word_key(state.title, state.body), len(versions))
        teaser = flatten(state.body, state.n_teaser_sentences) if state.n_teaser_sentences else state.title or ""
        wordings.append(Wording(valid_from, state.published_on, state.title, state.body, teaser, version, edits))
    return tuple(wordings)

"""Which language a text is in: ISO 639-1, by py3langid's model.

The one decision made here: too little text has no language, and a text's first few hundred characters decide,
as the model's cost grows with the text. The verdict is the library's, number for number; only its walk over a text's
bytes is done here, for many texts at once: one step of numpy takes a byte of each, a tenth of the cost of a loop over
each.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from pipeline.parse.text import collapse

_FEWEST_LETTERS: Final = 20
_SAMPLE: Final = 300
"""Characters that the model sees, of a text with blanks collapsed."""
_AT_ONCE: Final = 512
"""Texts walked together: enough to make a step's own cost small."""
_REMEMBERED: Final = 8_192
"""Samples whose languages are held: the captures of one article begin alike, whatever was edited further down."""

_languages: dict[str, str | None] = {}


@cache
def _model() -> Any:
    """Load the model once per process; the import alone costs 0.15 s, the model 0.8 s."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def _automaton() -> tuple[Any, Any, Any]:
    """The model's moves, the row of moves of each state, and the feature that a state tells of (or -1), as arrays."""
    import numpy as np

    model = _model()
    moves = np.frombuffer(model.tk_nextmove, dtype=f"u{model.tk_nextmove.itemsize}")
    return moves, np.asarray(model.tk_row, dtype=np.int64) << 8, np.asarray(model.tk_output, dtype=np.int32)


def detect_languages(texts: Sequence[str]) -> list[str | None]:
    """Name the languages of texts.

    Args:
        texts: Bodies or any other texts; only their starts are looked at.

    Returns:
        ISO 639-1 codes in the order of the texts; None for fewer than 20 letters or a language that has no such code.
    """
    samples = [_sample(text) for text in texts]
    unknown = list(dict.fromkeys(sample for sample in samples if sample is not None and sample not in _languages))
    if len(_languages) + len(unknown) > _REMEMBERED:
        _languages.clear()
        unknown = list(dict.fromkeys(sample for sample in samples if sample is not None))
    for first in range(0, len(unknown), _AT_ONCE):
        some = unknown[first : first + _AT_ONCE]
        _languages.update(zip(some, _classify(some), strict=True))
    return [None if sample is None else _languages[sample] for sample in samples]


def _sample(text: str) -> str | None:
    """Return what the model is shown of a text; null where that is too little."""
    sample = collapse(text[: 2 * _SAMPLE])[:_SAMPLE]
    # most texts show their letters at once
    is_enough = any(sum(map(str.isalpha, some)) >= _FEWEST_LETTERS for some in (sample[: 2 * _FEWEST_LETTERS], sample))
    return sample if is_enough else None


def _classify(samples: Sequence[str]) -> list[str | None]:
    """Name the most likely language of each sample, as `LanguageIdentifier.classify` does."""
    import numpy as np

    model = _model()
    seen = [Counter(features) for features in _features([_encoded(sample) for sample in samples])]
    # the weights are halves: widening each feature's once for all texts is half of what scoring would cost
    met = list(dict.fromkeys(feature for counts in seen for feature in counts))
    weights = model.nb_ptc[np.array(met, dtype=np.intp)].astype(np.float32)
    place = {feature: number for number, feature in enumerate(met)}
    codes: list[str | None] = []
    for counts in seen:
        if counts:
            times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            scores = np.log1p(times) @ weights[[place[feature] for feature in counts]] + model.nb_pc
        else:
            scores = np.zeros(len(model.nb_classes), dtype=np.float32)
        for one, other in model._alias_pairs:  # noqa: SLF001 -- two labels of one language
            scores[one], scores[other] = max(scores[one], scores[other]), -np.inf
        code: str = model.nb_classes[int(scores.argmax())]
        codes.append(code if len(code) == 2 else None)
    return codes


def _encoded(sample: str) -> bytes:
    """Return a sample's bytes as the model was trained on them."""
    return unicodedata.normalize("NFC", sample.lower() if sample.isupper() else sample).encode("utf-8", "surrogatepass")


def _features(texts: Sequence[bytes]) -> list[list[int]]:
    """Walk the automaton over all texts side by side; return the features met in each, in order."""
    import numpy as np

    moves, rows, outputs = _automaton()
    lengths = np.array([len(text) for text in texts])
    order = np.argsort(-lengths, kind="stable")  # the longest first, so that those still walked stand together
    letters = np.zeros((int(lengths.max()), len(texts)), dtype=np.int64)
    for place, number in enumerate(order):
        letters[: lengths[number], place] = np.frombuffer(texts[number], dtype=np.uint8)
    met = np.full(letters.shape, -1, dtype=np.int32)
    states = np.zeros(len(texts), dtype=np.int64)
    for at, column in enumerate(letters):
        going = int(np.searchsorted(-lengths[order], -at))
        states = moves[rows[states[:going]] + column[:going]].astype(np.int64)
        met[at, :going] = outputs[states]
    found: list[list[int]] = [[] for _ in texts]
    for place, number in enumerate(order):
        features = met[:, place]
        found[int(number)] = features[features >= 0].tolist()
    return found

"""Which language a text is in: ISO 639-1, by py3langid's model.

The one decision made here: too little text has no language, and a text's first few hundred characters decide,
as the model's cost grows with the text.
"""

from functools import cache, lru_cache
from typing import Any

from pipeline.parse.text import collapse

_FEWEST_LETTERS = 20
_SAMPLE = 300
"""Characters that the model sees, of a text with blanks collapsed."""


@cache
def _model() -> Any:
    """Load the model once per process; the import alone costs 0.15 s, the model 0.8 s."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def detect_language(text: str) -> str | None:
    """Name a text's language.

    Args:
        text: A body or any other text; only its start is looked at.

    Returns:
        An ISO 639-1 code; None for fewer than 20 letters or a language that has no such code.
    """
    sample = collapse(text[: 2 * _SAMPLE])[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return None
    return _language_of(sample)


@lru_cache(maxsize=16_384)
def _language_of(sample: str) -> str | None:
    """Ask the model; the captures of one article begin alike, whatever was edited further down."""
    code: str = _model().classify(sample)[0]
    return code if len(code) == 2 else None

"""The closed list of reasons why two wordings are, or are not, one event."""

from typing import Final

NORMALISED_EQUAL: Final = "normalised_equal"
LETTER_LOST: Final = "letter_lost"
TITLE_EXTENDED: Final = "title_extended"
TEXT_EXTENDED: Final = "text_extended"
TITLE_REWORDED: Final = "title_reworded"
TEXT_REWORDED: Final = "text_reworded"
DATE_MOVED: Final = "date_moved"
CUT_TEXT: Final = "cut_text"
TITLE_ONLY: Final = "title_only"
CUT_TITLE: Final = "cut_title"
KIND_DIFFERS: Final = "kind_differs"
DIGIT_DIFFERS: Final = "digit_differs"
NUMBER_WORD_DIFFERS: Final = "number_word_differs"
MONTH_DIFFERS: Final = "month_differs"
WEEKDAY_DIFFERS: Final = "weekday_differs"
NAME_DIFFERS: Final = "name_differs"
OPPOSITE_DIFFERS: Final = "opposite_differs"
TEXT_DIFFERS: Final = "text_differs"
TITLE_DIFFERS: Final = "title_differs"
DAYS_APART: Final = "days_apart"
CUT_DIFFERS: Final = "cut_differs"
SHOWN_BESIDE: Final = "shown_beside"
CUT_OTHER_PARENT: Final = "cut_other_parent"
VETO_IN_CLUSTER: Final = "veto_in_cluster"

REASONS: Final[dict[str, str]] = {
    NORMALISED_EQUAL: "Same day, same words; only quotes, dashes, blanks, punctuation or case differ.",
    LETTER_LOST: "Same words but for a letter lost, doubled or swapped inside a word.",
    TITLE_EXTENDED: "Same text; words were appended to the title.",
    TEXT_EXTENDED: "Same title; one text continues where the other ends.",
    TITLE_REWORDED: "Same or extended text; plain words of the title were changed.",
    TEXT_REWORDED: "Title kept or nearly so; plain words or a sentence of the text were changed.",
    DATE_MOVED: "Same words; the published day was moved by a day or two.",
    CUT_TEXT: "One wording is cut by its dump; what is left of it is the beginning of the other.",
    TITLE_ONLY: "One wording shows no text; same title on the same day.",
    CUT_TITLE: "One wording is cut within its title, which begins the other's on the same day.",
    KIND_DIFFERS: "One title is marked PHOTO: or VIDEO:, the other is not, or otherwise.",
    DIGIT_DIFFERS: "A number differs.",
    NUMBER_WORD_DIFFERS: "A number in words differs.",
    MONTH_DIFFERS: "A month differs.",
    WEEKDAY_DIFFERS: "A day of the week differs.",
    NAME_DIFFERS: "A name stands where the other wording has another name.",
    OPPOSITE_DIFFERS: "A word stands where the other wording has its opposite or alternative (open, closed).",
    TEXT_DIFFERS: "The texts have too little in common.",
    TITLE_DIFFERS: "The texts are alike, the titles have too little in common and the text cannot carry it alone.",
    DAYS_APART: "The published days differ and the words are not the same or too few to tell.",
    CUT_DIFFERS: "One wording is cut or shows no text, and what is left of it does not begin the other.",
    SHOWN_BESIDE: "The pair would fit, but one capture shows both: an edit replaces a wording, so they are two items.",
    CUT_OTHER_PARENT: "The cut wording would fit, but it follows another wording that fits better or as well.",
    VETO_IN_CLUSTER: "The pair would fit, but joining it would bring together two wordings that are two items.",
}
"""Every reason that `event_match_decisions` may hold, with its meaning."""

RANK: Final[dict[str, int]] = {reason: place for place, reason in enumerate(REASONS)}
"""Accepted reasons in order of their evidence (the order of REASONS)."""

VETOES: Final = frozenset(
    {
        KIND_DIFFERS,
        DIGIT_DIFFERS,
        NUMBER_WORD_DIFFERS,
        MONTH_DIFFERS,
        WEEKDAY_DIFFERS,
        NAME_DIFFERS,
        OPPOSITE_DIFFERS,
    }
)
"""Reasons of complete wordings that are two items whatever stands between them."""

NOT_OF_THE_PAIR: Final = frozenset(
    {CUT_TEXT, TITLE_ONLY, CUT_TITLE, CUT_DIFFERS, SHOWN_BESIDE, CUT_OTHER_PARENT, VETO_IN_CLUSTER}
)
"""Reasons that depend on more than the two wordings (a cut that later captures may heal, a third wording)."""

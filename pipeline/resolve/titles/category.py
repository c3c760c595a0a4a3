"""The category of an item, from the words that describe it.

The one decision made here: the first row of `RULES` that matches the head of the title (`wording.head`) wins. The
rows follow the precedence of the column `events.category`, so remarks made at a news conference are a news
conference.
"""

import re
from dataclasses import dataclass

from pipeline.resolve.titles import wording


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """One row of the table: a category, the words that show it, and a title it was made for."""

    category: str
    pattern: str
    """Searched without regard to case in the head of the title (see `scope`); its gaps are bounded, to stay quick."""
    example: str
    scope: str = "head"
    """`head`: the description of the item; `title`: the whole title, for rules anchored at its start."""


RULES: tuple[CategoryRule, ...] = (
    CategoryRule(
        "news_conference",
        r"\b(?:news|press)[- ]conference\b",
        "Minister A B’s remarks at a joint news conference following talks with C D, Moscow, November 5, 2019",
    ),
    CategoryRule(
        "news_conference",
        r"\b(?:press|media|news) briefing\b|\bbriefing (?:by|of)\b|'s (?:weekly )?briefing\b",
        "Briefing by Foreign Ministry Spokesperson A B, Moscow, March 29, 2018",
    ),
    CategoryRule("interview", r"\binterviews?\b", "Interview of Foreign Minister A B with the Daily C newspaper"),
    CategoryRule("letter", r"\bletters?\b", "Ambassador A B’s letter to the Times"),
    CategoryRule(
        "article",
        r"\((?:by|author:) [^()]+,? (?:for|in) [^()]+\)",
        "A Voyage to the Arctic (by Ambassador A B for C)",
        scope="title",
    ),
    CategoryRule("article", r"\barticles?\b|\bop-?ed\b|\bcolumn (?:by|of|in)\b", "Article by Ambassador A B for RT"),
    CategoryRule(
        "speech",
        r"\bspeech(?:es)?\b|\blectures?\b|\bvideo (?:message|address)\b|\bkeynote\b|'s (?:\w+ )?address\b"
        r"|\baddress (?:by|of|to|at)\b|\baddress(?:es|ed) (?:the|a|to)\b",
        "Address by President A B to the Federal Assembly",
    ),
    CategoryRule("remarks", r"\bremarks\b", "Foreign Minister A B’s opening remarks at talks with C D"),
    CategoryRule(
        "reply_to_media",
        r"\b(?:repl(?:y|ies|ied)|answer(?:s|ed)?|respon(?:se|ses|ds|ded)) (?:by .{1,80} )?to\b.{0,120}"
        r"\b(?:questions?|quer(?:y|ies)|[ei]nquir(?:y|ies)|requests?|agency|newspaper|media|journalists?|correspondents?)\b",
        "Embassy Press Officer’s reply to a media question concerning C",
    ),
    CategoryRule(
        "reply_to_media",
        r"\banswer(?:s|ed|ing)? (?:\w+ ){0,5}questions?\b|\bquestions? and answers?\b",
        "Embassy Press Officer answers media questions",
    ),
    CategoryRule(
        "statement",
        r"\b(?:statements?|comment(?:s|ed|ary)?|declaration)\b",
        "Comment by the Information and Press Department on C",
    ),
    CategoryRule(
        "statement",
        r"^(?:the )?(?:russian )?embassy(?:'s)? (?:response|reaction) to\b",
        "Embassy response to the report of C",
    ),
    CategoryRule("press_release", r"\bpress[- ]release\b", "Press release on consultations with C"),
    CategoryRule(
        "notice",
        r"^(?:important )?(?:notices?|announcements?|attention|information|reminder|invitation|vacanc(?:y|ies))\b",
        "Attention of Russian citizens: elections to C",
        scope="title",
    ),
    CategoryRule(
        "notice",
        r"^(?:the |on the )?(?:consular (?:section|department|service)|visa (?:section|centre))\b|^consular\b",
        "The Consular Section will be closed on 12 June 2019",
        scope="title",
    ),
    CategoryRule(
        "notice",
        r"\b(?:opening|working|reception|office) hours\b|^(?:closure|closing) of\b",
        "Change in the opening hours of the Visa Centre",
        scope="title",
    ),
    CategoryRule("photo", r"^photos?\b", "PHOTO: Reception at the Embassy", scope="title"),
    CategoryRule("video", r"^videos?\b", "VIDEO: Concert at the Embassy", scope="title"),
)

CATEGORIES = (*dict.fromkeys(rule.category for rule in RULES), "other")
"""The closed vocabulary, in order of precedence."""

_COMPILED = tuple((rule, re.compile(rule.pattern, re.IGNORECASE)) for rule in RULES)


def read_category(text: str) -> str:
    """The category of a plain title; `other` where no row of the table matches."""
    head = wording.head(text)
    for rule, pattern in _COMPILED:
        if pattern.search(text if rule.scope == "title" else head):
            return rule.category
    return "other"

"""statements: questions, answers and remarks of the newest complete version of an article."""

from typing import Any

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, implies, row_rule
from schemas.table import Table


def _printed(title: str, meaning: str, *, term: str) -> Any:
    return field(title, meaning, term=term, nullable=True, pattern=columns.ONE_LINE)


class Statements(TableModel):
    """One row per statement."""

    article_id: str = columns.article_id("The article it stands in.")
    position: pl.Int32 = columns.position("Order of the statements in the article, from 0.")
    version_id: str = columns.version_id("The version it was read from: the newest complete one.")
    role: str = field(
        "Role",
        "What the statement is.",
        term="dcterms:type",
        values={
            "question": "a question",
            "answer": "an answer, with all its paragraphs",
            "remarks": "what is said before the first question",
        },
    )
    speaker: str = _printed(
        "Speaker", "Who speaks, as the mark prints it; null where nobody is named.", term="schema:author"
    )
    addressed_to: str = _printed(
        "Addressed to", "Whom a question is put to, as printed; null where nobody is named.", term="schema:recipient"
    )
    note: str = _printed(
        "Note", "What the mark adds about the speaker, like 'speaking after …'; null without one.", term="schema:text"
    )
    text: str = field(
        "Text",
        "The statement without its mark: paragraphs in order, parted by an empty line.",
        term="schema:text",
        pattern=columns.PARAGRAPHS,
    )

    @row_rule("Only a question is addressed to somebody.")
    def only_questions_are_addressed(cls) -> pl.Expr:
        """One way."""
        return implies(pl.col("addressed_to").is_not_null(), pl.col("role") == "question")


TABLE = Table(
    name="statements",
    model=Statements,
    title="Statements",
    description=(
        "One row per question, answer or remarks of an article's newest complete version; an article without such "
        "marks has none."
    ),
    key=("article_id", "position"),
    stage="resolve",
    group="evidence",
)

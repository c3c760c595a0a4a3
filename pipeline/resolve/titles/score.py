"""How well titles are read: precision and recall per field against hand labels.

The one decision made here: a value is right only when it equals the label to the letter. Precision is the share of
the values read that are right, recall the share of the labelled values that were read; a value read where the label
has none hurts the first, a wrong one both. Speakers (pairs of name and role) and countries are counted one by one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.resolve.titles.facts import TitleFacts
from pipeline.resolve.titles.reading import read_title

FIELDS = ("category", "speaker", "speaker_role", "speakers", "place", "title_date", "title_date_kind", "countries")


class Score(NamedTuple):
    """Precision and recall of one field, 1.0 where there was nothing to read or to find."""

    precision: float
    recall: float
    n: int
    """Labelled values of the field."""


@dataclass(frozen=True, slots=True)
class LabelledTitle:
    """One row of a gold file."""

    label_id: str
    title: str
    published_on: date | None
    values: Mapping[str, frozenset[Any]]
    """Per field of `FIELDS`: the labelled values; empty where the title says nothing."""


def read_gold(gold_path: Path) -> list[LabelledTitle]:
    """The rows of a gold file (JSON Lines), in its order."""
    with gold_path.open(encoding="utf-8") as lines:
        return [_labelled(json.loads(line)) for line in lines if line.strip()]


def values_read(facts: TitleFacts) -> dict[str, frozenset[Any]]:
    """What was read, per field of `FIELDS`, in the shape of a label."""
    return {
        "category": _some(facts.category),
        "speaker": _some(facts.speaker),
        "speaker_role": _some(facts.speaker_role),
        "speakers": frozenset(facts.speakers),
        "place": _some(facts.place),
        "title_date": _some(facts.title_date),
        "title_date_kind": _some(facts.title_date_kind),
        "countries": frozenset(facts.countries or ()),
    }


def title_scores(gold_path: Path) -> dict[str, Score]:
    """Precision, recall and number of labelled values per field over one gold file."""
    pairs = [(label.values, values_read(read_title(label.title, label.published_on))) for label in read_gold(gold_path)]
    return {field: _score((label[field], read[field]) for label, read in pairs) for field in FIELDS}


def _score(pairs: Iterable[tuple[frozenset[Any], frozenset[Any]]]) -> Score:
    right = labelled = read = 0
    for label, found in pairs:
        right += len(label & found)
        labelled += len(label)
        read += len(found)
    return Score(right / read if read else 1.0, right / labelled if labelled else 1.0, labelled)


def _labelled(row: dict[str, Any]) -> LabelledTitle:
    speakers = [(speaker["name"], speaker["role"]) for speaker in row["speakers"]]
    first_name, first_role = speakers[0] if speakers else (None, None)
    day = row["title_date"] and date.fromisoformat(row["title_date"])
    return LabelledTitle(
        label_id=row["id"],
        title=row["title"],
        published_on=row["published_on"] and date.fromisoformat(row["published_on"]),
        values={
            "category": _some(row["category"]),
            "speaker": _some(first_name),
            "speaker_role": _some(first_role),
            "speakers": frozenset(speakers),
            "place": _some(row["place"]),
            "title_date": _some(day),
            "title_date_kind": _some(row["title_date_kind"]),
            "countries": frozenset(row["countries"].split()),
        },
    )


def _some(value: object) -> frozenset[Any]:
    return frozenset() if value is None else frozenset({value})

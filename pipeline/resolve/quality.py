"""How good the dataset is, in figures: each measure is one line of a list, computed from the published tables.

A share without cases is null, not 0. Scores on gold sets measure the rules, not this build's input; they are null where
the gold files do not lie beside the code (an installed package without tests/).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.resolve.events import cluster_together
from pipeline.resolve.titles.score import title_scores

Tables: TypeAlias = Mapping[str, pl.LazyFrame]
_GOLD: Final = Path(__file__).resolve().parents[2] / "tests" / "gold"


@dataclass(frozen=True, slots=True)
class _Share:
    """Rows that meet a condition, as a share of the rows that could."""

    measure: str
    table: str
    condition: pl.Expr
    how: str
    among: pl.Expr | None = None


_SHARES: Final = (
    _Share(
        "captures_truncated_share",
        "captures",
        pl.col("is_truncated"),
        "Captures whose page ends before its end mark or within a sentence, as a share of all captures.",
    ),
    _Share(
        "captures_without_time_share",
        "captures",
        pl.col("captured_at").is_null(),
        "Captures whose time is not known from the dump or the page, as a share of all captures.",
    ),
    *(
        _Share(
            f"clock_{verdict}_share",
            "captures",
            pl.col("clock_check") == verdict,
            f"Captures whose clock_check is {verdict}, as a share of captures with a header.",
            among=pl.col("clock_check").is_not_null(),
        )
        for verdict in ("ok", "moscow_off", "date_off", "disagrees_with_capture_time")
    ),
    _Share(
        "records_rejected_share",
        "raw_records",
        pl.col("status") == "rejected",
        "Raw records that could not be read, as a share of all raw records.",
    ),
    _Share(
        "articles_undated_share",
        "articles",
        pl.col("published_on").is_null(),
        "Articles without a date of publication from any page or teaser, as a share of all articles.",
    ),
    _Share(
        "articles_truncated_share",
        "articles",
        pl.col("is_truncated"),
        "Articles no complete capture of which is known, as a share of all articles.",
    ),
    _Share(
        "events_without_article_share",
        "events",
        pl.col("article_id").is_null(),
        "Events whose article is in no capture, as a share of all events.",
    ),
    _Share(
        "events_seen_once_share",
        "events",
        pl.col("n_captures") == 1,
        "Events that stand in exactly one capture, as a share of all events: the larger, the more was missed.",
    ),
    _Share(
        "counters_inconsistent_share",
        "counter_observations",
        ~pl.col("is_consistent"),
        "Counter observations whose start day is not the counter's usual one, as a share of those with a start day.",
        among=pl.col("is_consistent").is_not_null(),
    ),
    _Share(
        "titles_uncategorised_share",
        "events",
        pl.col("category") == "other",
        "Events whose title says nothing of their category, as a share of events with a title.",
        among=pl.col("title").is_not_null(),
    ),
)


def measure_quality(tables: Tables) -> pl.DataFrame:
    """The table `quality_measures` from all other tables."""
    rows = [_share(tables, share) for share in _SHARES]
    rows += [measure(tables) for measure in _OTHERS]
    rows += [*_title_rows(), *_pair_rows()]
    return pl.DataFrame(
        rows, schema={"measure": pl.String, "value": pl.Float64, "n": pl.Int64, "how": pl.String}, orient="row"
    ).sort("measure")


_Row: TypeAlias = tuple[str, float | None, int | None, str]


def _share(tables: Tables, share: _Share) -> _Row:
    rows = tables[share.table] if share.among is None else tables[share.table].filter(share.among)
    n, hits = rows.select(pl.len(), share.condition.sum()).collect(engine="streaming").row(0)
    return share.measure, hits / n if n else None, n, share.how


def _unplaced(tables: Tables) -> _Row:
    lines, unplaced = (
        tables["captures"].select(pl.col("n_lines", "n_unplaced_lines").sum()).collect(engine="streaming").row(0)
    )
    how = "Lines the parser could not place, as a share of all non-blank lines of all captures."
    return "lines_unplaced_share", unplaced / lines if lines else None, lines, how


def _quarantined(tables: Tables) -> _Row:
    n = tables["quarantine"].select(pl.len()).collect().item()
    return "rows_quarantined", float(n), None, "Rows taken out and values set to null, as listed in quarantine."


def _repetition(tables: Tables) -> _Row:
    observations, events = tables["events"].select(pl.col("n_observations").sum(), pl.len()).collect().row(0)
    how = "Teaser observations per event: how often the same item was met again."
    return "observations_per_event", observations / events if events else None, events, how


def _wordings(tables: Tables) -> _Row:
    forms, events = tables["events"].select(pl.col("n_forms").sum(), pl.len()).collect().row(0)
    how = "Distinct wordings per event: how often an item was edited, cut or printed otherwise."
    return "forms_per_event", forms / events if events else None, events, how


_OTHERS: Final[tuple[Callable[[Tables], _Row], ...]] = (_unplaced, _quarantined, _repetition, _wordings)


def _title_rows() -> list[_Row]:
    """Precision and recall of what is read off titles, on labelled titles no rule was tuned on."""
    path = _GOLD / "titles_heldout.jsonl"
    if not path.is_file():
        return []
    rows: list[_Row] = []
    for field, score in sorted(title_scores(path).items()):
        where = f"of {field} on held-out labelled titles (tests/gold/{path.name})."
        rows.append((f"titles_{field}_precision", score.precision, score.n, f"Precision {where}"))
        rows.append((f"titles_{field}_recall", score.recall, score.n, f"Recall {where}"))
    return rows


def _pair_rows() -> list[_Row]:
    """Precision and recall of the comparison of two wordings, on labelled pairs."""
    path = _GOLD / "event_pairs.jsonl"
    if not path.is_file():
        return []
    labelled = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    judged = [(pair["same"], _is_one_event(pair["a"], pair["b"])) for pair in labelled]
    right = sum(same and joined for same, joined in judged)
    n_joined = sum(joined for _, joined in judged)
    n_same = sum(same for same, _ in judged)
    where = f"of joining two wordings to one event, on labelled pairs (tests/gold/{path.name})."
    return [
        ("event_pairs_precision", right / n_joined if n_joined else None, n_joined, f"Precision {where}"),
        ("event_pairs_recall", right / n_same if n_same else None, n_same, f"Recall {where}"),
    ]


def _is_one_event(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    forms = pl.DataFrame(
        [
            {
                "form_id": name,
                "published_on": None if side["published_on"] is None else date.fromisoformat(side["published_on"]),
                "title": side["title"],
                "teaser": side["teaser"],
                "is_cut": side["is_cut"],
                "first_captured_at": None,
                "last_captured_at": None,
            }
            for name, side in (("f1", a), ("f2", b))
        ],
        schema_overrides={
            "published_on": pl.Date,
            "title": pl.String,
            "teaser": pl.String,
            "first_captured_at": pl.Datetime("us", "UTC"),
            "last_captured_at": pl.Datetime("us", "UTC"),
        },
    )
    return cluster_together(forms).members["cluster_id"].n_unique() == 1

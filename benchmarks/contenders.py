"""Ways to say which teasers are one item, over the same rows: `python -m benchmarks.contenders NAME TEASERS`.

Each prints one JSON line: CPU seconds of its work (imports and reading left out) and how right it was, as pairwise F1
over observations and over distinct wordings. The one decision made here: every contender but `hash-group-by` may
collapse exact copies first, so that nobody is slowed down by a step that all would take.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import polars as pl

from tests.simulation.frames import distinct_forms
from tests.simulation.gold import pairwise_scores

Clusters = Mapping[str, str]
"""Cluster of each form."""

_THRESHOLD = 0.8
_PERMUTATIONS = 128
_SHINGLE = 3
"""Words of a shingle: teasers are short."""


def chancery(observations: pl.DataFrame) -> Clusters:
    """This project's rules, list order included."""
    from pipeline.resolve.events import cluster_forms
    from pipeline.resolve.list_order import printed_above

    forms = _forms(observations).sort("form_id").with_row_index("form")
    teasers = observations.select("capture", "position", "form_id").join(forms.select("form", "form_id"), on="form_id")
    found = cluster_forms(forms, above=printed_above([teasers], forms))
    return dict(found.members.select("form_id", "cluster_id").iter_rows())


def hash_group_by(observations: pl.DataFrame) -> Clusters:
    """Exact copies only: group the rows by a hash of their words."""
    grouped = (
        observations.with_columns(key=pl.struct("published_on", "title", "teaser").hash())
        .group_by("key")
        .agg(pl.len(), pl.col("form_id").first())
    )
    return {form: form for form in grouped["form_id"]}


def duckdb_sql(observations: pl.DataFrame) -> Clusters:
    """What one writes in SQL: words in lower case, pairs within two days, same numbers, alike by Jaro-Winkler."""
    import duckdb

    forms = _forms(observations)
    connection = duckdb.connect()
    connection.register("forms", forms.select("form_id", "published_on", "title", "teaser").to_arrow())
    pairs = connection.sql(
        r"""
        with plain as (
            select form_id, published_on,
                   trim(regexp_replace(lower(coalesce(title, '')), '[^a-z0-9а-я]+', ' ', 'g')) as title,
                   trim(regexp_replace(lower(coalesce(teaser, '')), '[^a-z0-9а-я]+', ' ', 'g')) as teaser,
                   regexp_extract_all(coalesce(title, '') || ' ' || coalesce(teaser, ''), '\d+') as numbers
            from forms
        )
        select a.form_id, b.form_id
        from plain a join plain b
          on b.published_on between a.published_on - 2 and a.published_on + 2
         and a.form_id < b.form_id and a.numbers = b.numbers
        where (a.title = b.title and starts_with(a.teaser, left(b.teaser, 60)))
           or (jaro_winkler_similarity(a.title, b.title) > 0.92
               and jaro_winkler_similarity(left(a.teaser, 300), left(b.teaser, 300)) > 0.9)
        """
    ).fetchall()
    return _components(forms["form_id"], pairs)


def datasketch(observations: pl.DataFrame) -> Clusters:
    """MinHash and LSH over shingles of three words, as web corpora are deduplicated."""
    from datasketch import MinHash, MinHashLSH

    forms = _forms(observations)
    index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
    pairs: list[tuple[str, str]] = []
    for name, shingles in _shingled(forms):
        minhash = MinHash(num_perm=_PERMUTATIONS)
        minhash.update_batch([shingle.encode() for shingle in shingles])
        pairs += [(name, other) for other in index.query(minhash)]
        index.insert(name, minhash)
    return _components(forms["form_id"], pairs)


def rensa(observations: pl.DataFrame) -> Clusters:
    """The same as datasketch, in Rust."""
    from rensa import RMinHash, RMinHashLSH

    forms = _forms(observations)
    index = RMinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS, num_bands=16)
    names: list[str] = []
    seen: list[RMinHash] = []
    pairs: list[tuple[str, str]] = []
    for name, shingles in _shingled(forms):
        minhash = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        minhash.update(shingles)
        pairs += [(name, names[other]) for other in index.query(minhash) if minhash.jaccard(seen[other]) >= _THRESHOLD]
        index.insert(len(names), minhash)
        names.append(name)
        seen.append(minhash)
    return _components(forms["form_id"], pairs)


def splink(observations: pl.DataFrame) -> Clusters:
    """A trained Fellegi-Sunter model over date, title and text."""
    import logging

    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    forms = _forms(observations).select(
        pl.col("form_id").alias("unique_id"),
        pl.col("published_on"),
        pl.col("title").str.to_lowercase(),
        pl.col("teaser").str.to_lowercase().str.head(300),
        pl.col("title").str.head(24).str.to_lowercase().alias("title_start"),
        pl.col("teaser").str.head(40).str.to_lowercase().alias("teaser_start"),
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.AbsoluteDateDifferenceAtThresholds(
                "published_on", input_is_string=False, metrics=["day", "day"], thresholds=[1, 2]
            ),
            compare.JaroWinklerAtThresholds("title", [0.97, 0.9]),
            compare.JaroWinklerAtThresholds("teaser", [0.97, 0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("published_on", "title_start"),
            block_on("published_on", "teaser_start"),
            block_on("title"),
        ],
    )
    linker = Linker(DuckDBAPI().register(forms.to_arrow()), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "teaser_start")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("title"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("teaser_start"))
    predicted = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.95)
    rows = clusters.as_dict()
    return dict(zip(rows["unique_id"], rows["cluster_id"], strict=True))


CONTENDERS: Mapping[str, Callable[[pl.DataFrame], Clusters]] = {
    "hash-group-by": hash_group_by,
    "chancery": chancery,
    "duckdb-sql": duckdb_sql,
    "rensa": rensa,
    "datasketch": datasketch,
    "splink": splink,
}


def _forms(observations: pl.DataFrame) -> pl.DataFrame:
    """Distinct wordings, without the truth."""
    return (
        observations.group_by("form_id")
        .agg(
            pl.col("published_on", "title", "teaser").first(),
            pl.col("is_cut").all(),
            pl.len().cast(pl.Int64).alias("n_observations"),
            pl.col("captured_at").min().alias("first_captured_at"),
            pl.col("captured_at").max().alias("last_captured_at"),
        )
        .sort("form_id")
    )


def _shingled(forms: pl.DataFrame) -> Iterable[tuple[str, list[str]]]:
    for name, title, teaser in forms.select("form_id", "title", "teaser").iter_rows():
        words = f"{title or ''} {teaser or ''}".lower().split()
        yield (
            name,
            sorted({" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}),
        )


def _components(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Clusters:
    parents = {name: name for name in names}

    def root(name: str) -> str:
        path = [name]
        while parents[path[-1]] != path[-1]:
            path.append(parents[path[-1]])
        for child, _ in pairwise(path):
            parents[child] = path[-1]
        return path[-1]

    for a, b in pairs:
        first, later = sorted((root(a), root(b)))
        parents[later] = first
    return {name: root(name) for name in parents}


def main(name: str, teasers: Path) -> None:
    """Run one contender and print what it came to."""
    contender = CONTENDERS[name]
    small = pl.read_parquet(teasers).head(2_000)
    contender(small)  # libraries load, and their caches fill, before the clock starts
    observations = pl.read_parquet(teasers)
    started = time.process_time()
    clusters = contender(observations.drop("item_id"))
    cpu = time.process_time() - started
    forms = distinct_forms(observations)
    certain = forms.filter(~pl.col("is_ambiguous"))
    gold = dict(certain.select("form_id", "item_id").iter_rows())
    found = {form: clusters[form] for form in gold}
    weights = dict(certain.select("form_id", "n_observations").iter_rows())
    over_forms = pairwise_scores(gold, found)
    over_observations = pairwise_scores(gold, found, weights)
    result = {
        "cpu": cpu,
        "n_observations": observations.height,
        "n_forms": forms.height,
        "f1_observations": over_observations.f1,
        "f1_forms": over_forms.f1,
        "precision_forms": over_forms.precision,
        "recall_forms": over_forms.recall,
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""From teaser forms to neighbourhoods: forms of two of them never meet while events are clustered.

The decision made here: what may meet. Forms do that share a key (`candidates.keys`) and are dated at most two days
apart, or both undated; forms without a word; and a form cut within its title with those of its day that begin like it.
"""

from collections.abc import Iterator

import polars as pl

from pipeline.remember import DIGEST, remembered_rows
from pipeline.resolve.candidates import keys
from pipeline.resolve.compare import WINDOW_DAYS
from pipeline.resolve.neighbours import neighbourhoods
from pipeline.resolve.normalise import wording


def form_neighbourhoods(forms: pl.DataFrame) -> pl.DataFrame:
    """form_id, neighbourhood: a number that means nothing beyond this call.

    Args:
        forms: form_id, published_on, title, teaser, is_cut.
    """
    numbered = forms.sort("form_id").with_row_index("thing")
    shown = (
        numbered.select("thing", "published_on", "form_id")
        .join(_keys(forms), left_on="form_id", right_on=DIGEST)
        .explode("keys", empty_as_null=True, keep_nulls=True)
    )
    ordered = shown.with_columns(pl.col("keys").fill_null("")).sort("keys", "published_on", "thing")
    before = pl.col("published_on").shift().over("keys")
    near = (pl.col("published_on") - before).dt.total_days() <= WINDOW_DAYS
    undated = pl.col("published_on").is_null() & before.is_null()
    sharing = ordered.with_columns(other=pl.col("thing").shift().over("keys"), is_near=near.fill_null(undated)).filter(
        "is_near", pl.col("other").is_not_null()
    )
    links = pl.concat([sharing.select("thing", "other"), _cut_titles(numbered)])
    found = neighbourhoods(numbered.height, links)
    return numbered.select("form_id", neighbourhood=pl.Series(found, dtype=pl.Int64))


def _cut_titles(numbered: pl.DataFrame) -> pl.DataFrame:
    """Links between a title that was cut and the titles of its day that it begins (`candidates.candidate_pairs`)."""
    days = numbered.filter(pl.col("is_cut").any().over("published_on")).partition_by("published_on")
    links = [link for day in days for link in _beginnings(day)]
    return pl.DataFrame(links, schema={"thing": pl.UInt32, "other": pl.UInt32}, orient="row")


def _beginnings(day: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Each title with the longest cut one that it starts with: sorted, all that starts like a title follows it."""
    rows = day.select("thing", "form_id", "title", "teaser", "is_cut").iter_rows()
    forms = [(thing, wording(name, None, title, teaser, is_cut=is_cut)) for thing, name, title, teaser, is_cut in rows]
    titles = sorted((form.title, not (form.is_cut and form.teaser is None), thing) for thing, form in forms)
    cut: list[tuple[str, int]] = []
    for title, is_whole, thing in titles:
        while cut and not title.startswith(cut[-1][0]):
            cut.pop()
        if cut:
            yield thing, cut[-1][1]
        if not is_whole:
            cut.append((title, thing))


def _keys(forms: pl.DataFrame) -> pl.DataFrame:
    def pick(missing: pl.Series) -> pl.DataFrame:
        return forms.join(missing.to_frame("form_id"), on="form_id", how="semi").select("form_id", "title", "teaser")

    return remembered_rows("event-keys", forms["form_id"], pick, _keys_of)


def _keys_of(forms: pl.DataFrame) -> pl.DataFrame:
    read = [
        (name, sorted({" ".join(key) for key in keys(wording(name, None, title, teaser, is_cut=False))}))
        for name, title, teaser in forms.iter_rows()
    ]
    return pl.DataFrame(read, schema={DIGEST: pl.String, "keys": pl.List(pl.String)}, orient="row")

"""`README.md`: the release for people, and a Hugging Face dataset card with one config per table.

The card's features and counts come off the same facts as all other metadata; a config is called like its table. A table
without rows has no config: the datasets library refuses to load a split of nothing.
"""

from typing import Any, Final

import yaml

from pipeline.publish.release.corpus import CORPUS
from pipeline.publish.release.croissant import cite_as
from pipeline.publish.release.facts import Facts, Resource

_TYPES: Final = {"double": "float64", "date32[day]": "date32"}
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGE: Final = "1M<n<10M"

_FILES: Final = (
    ("tables/", "one Parquet file per table; the version stands in each footer"),
    ("csv/", "gzipped CSV of the headline tables, for spreadsheets"),
    ("DATA_DICTIONARY.md", "every table, column and rule"),
    ("CHANGELOG.md, diff.json", "what changed since the release before, with samples"),
    ("datapackage.json", "Data Package v2 with keys, foreign keys and rights per file"),
    ("croissant.json", "MLCommons Croissant 1.1, one record set per table"),
    ("dcat.ttl, dcat.jsonld, schema_org.jsonld", "DCAT-AP 3 and schema.org for portals and search engines"),
    ("CITATION.cff, .zenodo.json", "how to cite, and metadata of a deposit"),
    ("manifest.json, raw_inputs.csv", "digests of rows and raw inputs, code and library versions"),
    ("LICENSE.md", "the two layers of rights"),
    ("SHA256SUMS", "digest of every file: `sha256sum --check SHA256SUMS`"),
)


def dataset_card(facts: Facts) -> str:
    """The card, front matter first."""
    front = yaml.safe_dump(_front_matter(facts), sort_keys=False, allow_unicode=True, width=120)
    return f"---\n{front}---\n\n{_text(facts)}"


def _front_matter(facts: Facts) -> dict[str, Any]:
    loadable = [table for table in facts.tables if table.n_rows]
    most = max(table.n_rows for table in facts.tables)
    size = next((label for limit, label in _SIZES if most < limit), _LARGE)
    return {
        "pretty_name": facts.title,
        "version": str(facts.version),
        "license": "other",
        "license_name": "cc-by-4.0-compilation-texts-of-their-publishers",
        "license_link": "LICENSE.md",
        "language": list(facts.profile.languages),
        "tags": [keyword.lower() for keyword in facts.profile.keywords],
        "size_categories": [size],
        "configs": [
            {"config_name": table.name, "data_files": [{"split": "train", "path": table.path}]}
            | ({"default": True} if number == 0 else {})
            for number, table in enumerate(loadable)
        ],
        "dataset_info": [_dataset_info(table) for table in loadable],
    }


def _dataset_info(table: Resource) -> dict[str, Any]:
    return {
        "config_name": table.name,
        "features": [{"name": column.name, "dtype": _TYPES.get(column.type, column.type)} for column in table.columns],
        "splits": [{"name": "train", "num_bytes": table.size, "num_examples": table.n_rows}],
        "download_size": table.size,
        "dataset_size": table.size,
    }


def _text(facts: Facts) -> str:
    span = ""
    if facts.first_captured_on is not None and facts.last_captured_on is not None:
        span = f" Captures from {facts.first_captured_on} to {facts.last_captured_on}."
    rows = [
        f"| {table.name} | {table.n_rows:,} | {table.description} | "
        f"{'compilation' if table.has_words_of_others else facts.profile.licence_data} |"
        for table in facts.tables
    ]
    files = [f"| `{path}` | {what} |" for path, what in _FILES]
    if any(table.name == CORPUS for table in facts.tables):
        files.insert(2, "| `corpus.parquet` | the articles as a text corpus: `doc_id`, `text`, metadata |")
    lines = [
        f"# {facts.title}",
        "",
        f"Version {facts.version}, {facts.issued.isoformat()}, {facts.edition.name} edition.{span}",
        "",
        facts.description,
        "",
        "## Tables",
        "",
        "| table | rows | what a row is | rights |",
        "|---|---|---|---|",
        *rows,
        "",
        f"*Compilation*: {facts.profile.licence_data} for the project's part, texts are their publishers'.",
        "",
        "## Files",
        "",
        "| file | what for |",
        "|---|---|",
        *files,
        "",
        "In the CSV files a text that begins with `=`, `+`, `-`, `@` (or one of their full-width forms), a tab,",
        "a line end or an apostrophe has an apostrophe in front, lest a spreadsheet runs it as a formula; take one",
        "apostrophe off each text that begins with one to undo it.",
        "",
        "## Rights",
        "",
        facts.rights,
        "",
        "## Cite",
        "",
        cite_as(facts),
        "",
        "## Verify",
        "",
        "`chancery check FOLDER` checks digests, schemas, keys, references, counts, rules and all metadata;",
        "`sha256sum --check SHA256SUMS` the digests alone.",
    ]
    return "\n".join(lines) + "\n"

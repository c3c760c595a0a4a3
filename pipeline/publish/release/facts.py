"""What a release's metadata is rendered from: one value that holds every fact all formats tell.

No format belongs here. The one decision made here is what rights a resource carries: a resource without words of others
is licensed whole; any other is licensed as a compilation, its texts are not.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from pipeline.publish.release.editions import FULL, NO_TEXT, Edition
from pipeline.publish.release.profile import LICENCES, Profile
from pipeline.publish.release.provenance import Code
from pipeline.publish.release.versions import Version

PARQUET: Final = "application/vnd.apache.parquet"
GZIPPED_CSV: Final = "text/csv"

_NAMESPACE: Final = UUID("5b0c9b5e-6a53-5d0c-8f34-0c6f4d3c2a11")
"""Of this project's names; only the uniqueness of what is made from it matters."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a resource."""

    name: str
    type: str
    """Arrow's name of it."""
    title: str
    description: str
    unit: str | None
    iri: str
    nullable: bool
    values: tuple[str, ...]
    pattern: str | None
    minimum: str | None
    maximum: str | None
    references: str | None
    """`table.column`, where that table is in the release."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One data file of a release."""

    name: str
    """The table's name; `corpus`; for a CSV twin the table's name with `_csv`."""
    path: str
    """Relative to the release's folder."""
    media_type: str
    title: str
    description: str
    columns: tuple[ColumnFacts, ...]
    key: tuple[str, ...]
    n_rows: int
    size: int
    sha256: str
    rows_sha256: str
    """Of the logical rows (`contents`)."""
    has_words_of_others: bool

    @property
    def is_table(self) -> bool:
        """Whether it is Parquet; every table is, its CSV twin is not."""
        return self.media_type == PARQUET


@dataclass(frozen=True, slots=True)
class RawInputs:
    """What was read."""

    n_files: int
    n_records: int
    sha256: str
    """Of `raw_inputs.csv`."""
    formats: dict[str, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one release."""

    profile: Profile
    version: Version
    edition: Edition
    issued: date
    """Of issue."""
    previous: str | None
    """Version of the release before."""
    resources: tuple[Resource, ...]
    raw: RawInputs
    code: Code
    first_captured_on: date | None
    last_captured_on: date | None

    @property
    def tables(self) -> tuple[Resource, ...]:
        """The Parquet files."""
        return tuple(resource for resource in self.resources if resource.is_table)

    @property
    def tables_hold_words_of_others(self) -> bool:
        """Whether any file does; titles and labels stand in every edition."""
        return any(table.has_words_of_others for table in self.tables)

    @property
    def dataset_iri(self) -> str:
        """Stands for the dataset whatever its version."""
        return f"urn:uuid:{uuid5(_NAMESPACE, self.profile.name)}"

    @property
    def release_iri(self) -> str:
        """Stands for this version and edition."""
        return f"urn:uuid:{uuid5(_NAMESPACE, f'{self.profile.name}/{self.version}/{self.edition.name}')}"

    @property
    def title(self) -> str:
        """The dataset's title; an edition other than the full one is named."""
        return self.profile.title if self.edition == FULL else f"{self.profile.title} ({self.edition.name} edition)"

    @property
    def description(self) -> str:
        """What the dataset is, and what this edition of it holds."""
        return f"{self.profile.description} {self.edition.sentence}"

    @property
    def licence_title(self) -> str:
        """Of the project's own part."""
        return LICENCES[self.profile.licence_data][0]

    @property
    def licence_url(self) -> str:
        """Of the project's own part."""
        return LICENCES[self.profile.licence_data][1]

    @property
    def rights(self) -> str:
        """The rights in the release as a whole."""
        return f"{self._own_part} {self.profile.rights_texts} {self.profile.archive_terms}"

    def rights_of(self, resource: Resource) -> str:
        """The rights in one resource."""
        if resource.has_words_of_others:
            return f"{self._own_part} {self.profile.rights_texts}"
        return f"Licensed whole under {self.profile.licence_data}; it holds no words of others."

    def address(self, path: str) -> str:
        """Where a file of the release is found; relative to the release's folder where no base is known."""
        base = self.profile.base_url
        return f"{base}{self.folder}/{path}" if base else path

    @property
    def folder(self) -> str:
        """Name of the release's folder."""
        return str(self.version) if self.edition != NO_TEXT else f"{self.version}-{self.edition.name}"

    @property
    def _own_part(self) -> str:
        licence = self.profile.licence_data
        return f"Structure, ids, links, decisions and derived columns: {licence}. Texts: rights of their publishers."

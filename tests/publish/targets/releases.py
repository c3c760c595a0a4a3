"""Invented releases: the layout of `chancery release`, small enough to read."""

import hashlib
import json
from pathlib import Path

TITLE = "Notices of the Embassy of Ruritania"
_FIELDS = [
    {"name": "event_id", "type": "string", "description": "Id of the event."},
    {"name": "title", "type": "string", "title": "Title", "description": "Newest complete wording."},
    {"name": "n_observations", "type": "integer", "description": "Teasers that show it."},
]


def write_release(root: Path, version: str = "1.0.0", edition: str = "full", *, events: str = "one") -> Path:
    """A finished release under `root`; `events` stands for what the tables hold."""
    label = version if edition == "full" else f"{version}-{edition}"
    folder = root / label
    contents = {
        "tables/events.parquet": b"PAR1" + f"events {events}".encode() * 300 + b"PAR1",
        "tables/captures.parquet": b"PAR1captures, the same in every releasePAR1",
        "csv/events.csv.gz": b"\x1f\x8b" + events.encode(),
        "README.md": f"# {TITLE}\nVersion {version}\n".encode(),
        "manifest.json": json.dumps({"version": version, "edition": edition}).encode(),
        ".zenodo.json": json.dumps(
            {
                "title": TITLE,
                "upload_type": "dataset",
                "creators": [{"name": "Sapt, Colonel"}],
                "description": "Notices.",
            }
        ).encode(),
        "datapackage.json": json.dumps(
            {
                "name": "ruritania",
                "title": TITLE,
                "version": version,
                "description": "Notices of an embassy that never was.",
                "keywords": ["embassy", "web archives"],
                "licenses": [{"name": "CC-BY-4.0", "title": "CC BY 4.0", "path": "https://example.org/by"}],
                "contributors": [{"title": "Colonel Sapt", "roles": ["creator"]}],
                "resources": [
                    {
                        "name": "events",
                        "path": "tables/events.parquet",
                        "title": "Events",
                        "description": "One row per published item.",
                        "schema": {"fields": _FIELDS, "primaryKey": ["event_id"]},
                    },
                    {"name": "captures", "path": "tables/captures.parquet", "description": "Captures."},
                    {
                        "name": "events-csv",
                        "path": "csv/events.csv.gz",
                        "title": "Events as CSV",
                        "schema": {"fields": _FIELDS},
                    },
                ],
            }
        ).encode(),
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    sums = "".join(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents))
    (folder / "SHA256SUMS").write_text(sums)
    return folder

"""Publishing to Zenodo: draft, upload, compare Zenodo's own checksums, publish; a later release is a new version.

The one decision: which record a release belongs to is found by its title among the depositor's own, or given; a draft
that an earlier run left is gone on with, and a draft is all that a broken run can leave. The API is Zenodo's
deposit API (developers.zenodo.org), whose records have no folders: see `archive`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pipeline.publish.targets.archive import without_folders
from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.http import Http, origin_of
from pipeline.publish.targets.retry import Retry
from pipeline.publish.targets.source import Release, ReleaseFile, digest, pieces_of

METADATA: Final = ".zenodo.json"
_LIST: Final = "/api/deposit/depositions"
_PER_ANSWER: Final = 100


class ZenodoTarget:
    """The account a token belongs to."""

    def __init__(self, http: Http, scratch: Path, retry: Retry, record: int | None = None) -> None:
        self._http = http
        self._retry = retry
        self._scratch = scratch
        self._record = record
        self._copies: Sequence[ReleaseFile] = ()
        self._deposition: dict[str, Any] = {}

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """Files at the top of the release, its folders as ZIPs."""
        if not self._copies:
            self._copies = without_folders(release.files, self._scratch)
        return self._copies

    def plan(self, release: Release) -> list[str]:
        """Which record or draft would be used, and what uploaded."""
        copies = self.copies(release)
        total = f"upload {len(copies)} files ({sum(copy.size for copy in copies):,} bytes)"
        published, draft = self._find(release)
        if published is not None and _version(published) == release.version:
            return [f"record {published['id']} is version {release.version} already."]
        if draft is not None:
            first = f"go on with draft {draft['id']}."
        elif published is not None:
            first = f"open version {release.version} of record {published['id']} ({_version(published)}) as a draft."
        else:
            first = "open a draft of a new record."
        return [first, f"{total}, but for those the draft holds.", "compare Zenodo's checksums.", "publish the draft."]

    def stage(self, release: Release) -> None:
        """Bring the draft to the release's files and metadata."""
        if not self._deposition:
            self._deposition = self._retry(lambda: self._open(release))
        if self._deposition["submitted"]:
            return
        wanted = {copy.name: _md5(copy) for copy in self.copies(release)}
        held = self._checksums()
        for name in held:
            if held[name] != wanted.get(name):
                self._delete(name)
        for copy in self.copies(release):
            if held.get(copy.name) != wanted[copy.name]:
                self._http.put_file(self._file_url(copy.name), copy.path)
        metadata = {**release.read_json(METADATA), "version": release.version}
        self._http.json("PUT", self._url, {"metadata": metadata})

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """Download a file from where Zenodo says it is."""
        file = next((file for file in self._files() if _name(file) == copy.name), None)
        if file is None:
            return iter(())
        return self._http.pieces(self._own(file["links"]["download"]))

    def discard(self, copy: ReleaseFile) -> None:
        """Remove a file from the draft."""
        if self._deposition["submitted"]:
            raise PublishError(f"{copy.name} of the published record {self._deposition['id']} has other bytes")
        self._delete(copy.name)

    def reveal(self, release: Release) -> str:
        """Publish the draft once its checksums are those of the release."""
        if not self._deposition["submitted"]:
            wanted = {copy.name: _md5(copy) for copy in self.copies(release)}
            if (held := self._checksums()) != wanted:
                wrong = sorted(name for name in wanted.keys() | held.keys() if wanted.get(name) != held.get(name))
                raise PublishError(f"Zenodo's checksums differ for {', '.join(wrong[:5])}")
            self._retry(self._publish)
        return str(self._deposition["links"].get("record_html") or self._deposition["links"]["html"])

    def abandon(self) -> str:
        """A draft is seen by its owner only, and the next run goes on with it."""
        if not self._deposition:
            return "Nothing was opened at Zenodo."
        if self._deposition["submitted"]:
            return f"Record {self._deposition['id']} is published and cannot be taken back by a program."
        return f"Draft {self._deposition['id']} is seen by you only; the next run goes on with it."

    def _publish(self) -> None:
        self._deposition = self._http.json("GET", self._url)
        if not self._deposition["submitted"]:
            self._http.json_once("POST", f"{self._url}/actions/publish")
            self._deposition = self._http.json("GET", self._url)
        if not self._deposition["submitted"]:
            raise PublishError(f"draft {self._deposition['id']} was not published")

    def _open(self, release: Release) -> dict[str, Any]:
        published, draft = self._find(release)
        if published is not None and _version(published) == release.version:
            return published
        if draft is not None:
            return draft
        metadata = {**release.read_json(METADATA), "version": release.version}
        if published is None:
            # With its title, and sent once before the next look: an answer that was lost leaves no second draft.
            return self._object(self._http.json_once("POST", _LIST, {"metadata": metadata}))
        answer = self._object(self._http.json_once("POST", f"{_LIST}/{published['id']}/actions/newversion"))
        return self._object(self._http.json("GET", self._own(answer["links"]["latest_draft"])))

    def _find(self, release: Release) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The newest published version of this record, and its draft."""
        mine = list(self._mine())
        if self._record is not None:
            concept = next((_concept(one) for one in mine if self._record in {one["id"], int(_concept(one))}), None)
            if concept is None:
                raise PublishError(f"record {self._record} is not among those this token may change")
        else:
            title = release.read_json(METADATA).get("title")
            concepts = {_concept(one) for one in mine if one.get("metadata", {}).get("title") == title}
            if len(concepts) > 1:
                raise PublishError(
                    f"several records have the title {title!r} ({', '.join(sorted(concepts))}): say which"
                )
            concept = next(iter(concepts), None)
        versions = sorted((one for one in mine if _concept(one) == concept), key=lambda one: int(one["id"]))
        published = [one for one in versions if one["submitted"]]
        drafts = [one for one in versions if not one["submitted"]]
        return (published[-1] if published else None), (drafts[-1] if drafts else None)

    def _mine(self) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            found = self._http.json("GET", f"{_LIST}?all_versions=1&size={_PER_ANSWER}&page={number}") or []
            yield from found
            if len(found) < _PER_ANSWER:
                return
            number += 1

    def _files(self) -> list[dict[str, Any]]:
        return list(self._http.json("GET", f"{self._url}/files") or [])

    def _checksums(self) -> dict[str, str]:
        return {_name(file): str(file["checksum"]).removeprefix("md5:") for file in self._files()}

    def _delete(self, name: str) -> None:
        self._http.json("DELETE", self._file_url(name), missing=True)

    def _file_url(self, name: str) -> str:
        return f"{self._own(self._deposition['links']['bucket'])}/{quote(name, safe='')}"

    def _own(self, url: str) -> str:
        """A link out of an answer, refused where it leaves the endpoint: an upload would follow it."""
        if origin_of(url) != origin_of(self._http.endpoint):
            raise PublishError(f"Zenodo's answer points to another host ({origin_of(url)})")
        return url

    @property
    def _url(self) -> str:
        return f"{_LIST}/{self._deposition['id']}"

    @staticmethod
    def _object(answer: Any) -> dict[str, Any]:
        if not isinstance(answer, dict) or "links" not in answer:
            raise PublishError("Zenodo's answer is not the one its API describes")
        return answer


def _concept(deposition: dict[str, Any]) -> str:
    return str(deposition.get("conceptrecid") or deposition["id"])


def _version(deposition: dict[str, Any]) -> str:
    return str(deposition.get("metadata", {}).get("version", ""))


def _name(file: dict[str, Any]) -> str:
    return str(file.get("filename") or file.get("key"))


def _md5(copy: ReleaseFile) -> str:
    return digest(pieces_of(copy.path), lambda: hashlib.md5(usedforsecurity=False))[0]

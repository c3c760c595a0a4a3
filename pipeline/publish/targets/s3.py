"""Publishing to an object store: `<prefix>/<label>/<file>`, written once, and `<prefix>/latest.json` last of all.

The one decision: the objects of a version never change. What a broken run left is kept where its hash is right; the
pointer, the only object ever written over, moves when all of them were fetched again.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import boto3
import botocore.exceptions
from botocore.config import Config

from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.media import media_type
from pipeline.publish.targets.retry import PASSING_STATUS, PassingError, Retry
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import PIECE, SUMS, Release, ReleaseFile, version_order

_HASH: Final = "sha256"
_PASSING_CODES: Final = frozenset({"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable"})


class S3Target:
    """One prefix of one bucket."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str | None,
        key_id: Token,
        secret: Token,
        session_token: Token | None,
        region: str,
        retry: Retry,
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._label = ""
        self._pointer = ""
        self._retry = retry
        # The client's own attempts are off: one place decides how often something is tried again.
        config = Config(
            retries={"total_max_attempts": 1},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if endpoint else "auto"},
        )
        self._client: Any = boto3.session.Session(
            aws_access_key_id=key_id.unwrap(),
            aws_secret_access_key=secret.unwrap(),
            aws_session_token=session_token.unwrap() if session_token else None,
            region_name=region,
        ).client("s3", endpoint_url=endpoint, config=config)

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """All files of the release, `SHA256SUMS` last."""
        return release.files

    def plan(self, release: Release) -> list[str]:
        """What would be uploaded, kept and pointed at."""
        self._label, self._pointer = release.label, f"{self._prefix}{release.latest}.json"
        missing = [file for file in release.files if not self._holds(file)]
        place = self._address(f"{self._prefix}{self._label}/")
        n_bytes = sum(file.size for file in missing)
        return [
            f"upload {len(missing)} of {len(release.files)} files ({n_bytes:,} bytes) to {place}."
            if missing
            else f"{place} holds all {len(release.files)} files already.",
            f"point {self._address(self._pointer)} at {self._label}."
            if self._moves_pointer()
            else f"leave {self._address(self._pointer)}, which points at a newer release.",
        ]

    def stage(self, release: Release) -> None:
        """Upload the objects that are missing; parts that a killed run left are removed first."""
        self._label, self._pointer = release.label, f"{self._prefix}{release.latest}.json"
        for key, upload in self._open_uploads():
            self._call("abort_multipart_upload", Key=key, UploadId=upload)
        for file in release.files:
            if not self._holds(file):
                self._retry(lambda file=file: self._upload(file))  # type: ignore[misc]

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """Read an object."""
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=self._key(copy))["Body"]
            with body:
                yield from body.iter_chunks(PIECE)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            raise _named(error, f"reading {copy.name}") from error

    def discard(self, copy: ReleaseFile) -> None:
        """Remove an object of a version that no pointer names yet."""
        latest = self._latest()
        if latest is not None and version_order(latest) >= version_order(self._label):
            raise PublishError(f"{copy.name} of {self._label}, which is published, has other bytes at the store")
        self._call("delete_object", Key=self._key(copy))

    def reveal(self, release: Release) -> str:
        """Write the pointer, unless it names a newer release."""
        if self._moves_pointer():
            sums = release.files[-1]
            pointer = {"version": release.version, "path": f"{release.label}/", f"{SUMS}.{_HASH}": sums.sha256}
            self._call(
                "put_object",
                Key=self._pointer,
                Body=(json.dumps(pointer, indent=2) + "\n").encode(),
                ContentType="application/json",
                CacheControl="no-cache",
            )
        return self._address(f"{self._prefix}{self._label}/")

    def abandon(self) -> str:
        """Objects that arrived whole are kept for the next run; no pointer names them."""
        return f"{self._address(self._pointer)} was not moved; objects that arrived whole wait there for the next run."

    def _upload(self, file: ReleaseFile) -> None:
        extra = {"ContentType": media_type(file.name), "Metadata": {_HASH: file.sha256}}
        try:
            with file.path.open("rb") as stream:
                self._client.upload_fileobj(stream, self._bucket, self._key(file), ExtraArgs=extra)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            raise _named(error, f"uploading {file.name}") from error

    def _holds(self, file: ReleaseFile) -> bool:
        there = self._call("head_object", missing=True, Key=self._key(file))
        if there is None:
            return False
        if there["ContentLength"] != file.size or there["Metadata"].get(_HASH) != file.sha256:
            raise PublishError(
                f"{self._address(self._key(file))} is there already with other bytes; a published version never changes"
            )
        return True

    def _open_uploads(self) -> list[tuple[str, str]]:
        found = self._call("list_multipart_uploads", Prefix=f"{self._prefix}{self._label}/")
        return [(upload["Key"], upload["UploadId"]) for upload in found.get("Uploads", [])]

    def _latest(self) -> str | None:
        there = self._call("get_object", missing=True, Key=self._pointer)
        if there is None:
            return None
        try:
            return str(json.loads(there["Body"].read())["version"])
        except (ValueError, KeyError, TypeError) as error:
            raise PublishError(f"{self._address(self._pointer)} is no pointer to a release") from error

    def _moves_pointer(self) -> bool:
        latest = self._latest()
        return latest is None or version_order(self._label) >= version_order(latest)

    def _call(self, operation: str, *, missing: bool = False, **arguments: Any) -> Any:
        def attempt() -> Any:
            try:
                return getattr(self._client, operation)(Bucket=self._bucket, **arguments)
            except botocore.exceptions.ClientError as error:
                if missing and error.response["ResponseMetadata"].get("HTTPStatusCode") == 404:
                    return None
                raise _named(error, operation.replace("_", " ")) from error
            except botocore.exceptions.BotoCoreError as error:
                raise _named(error, operation.replace("_", " ")) from error

        return self._retry(attempt)

    def _key(self, file: ReleaseFile) -> str:
        return f"{self._prefix}{self._label}/{file.name}"

    def _address(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


def _named(error: Exception, what: str) -> Exception:
    """The failure as passing or final; the client's own message names hosts and codes, never keys."""
    if isinstance(error, botocore.exceptions.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code", "")
        passing = status in PASSING_STATUS or code in _PASSING_CODES
        sentence = f"{what} was answered with {status} {code}".rstrip()
    else:
        passing = isinstance(error, botocore.exceptions.HTTPClientError | botocore.exceptions.IncompleteReadError)
        sentence = f"{what} failed ({type(error).__name__})"
    return PassingError(sentence) if passing else PublishError(sentence)

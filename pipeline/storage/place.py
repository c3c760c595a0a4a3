"""Where objects lie and how they are reached: one configuration for the client that copies, for polars and for pyarrow.

The decision made here: everything comes from where AWS's own tools look (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL, profiles, roles of machines), and nothing from the command line, where
other users could read it. Without credentials requests are unsigned, as public buckets want them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from pipeline.errors import ChanceryError

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

SCHEME = "s3://"

_BUCKET: Final = re.compile(r"[a-zA-Z0-9._-]{1,255}")
"""What the client takes for a bucket's name; stores are stricter, each in its own way."""


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket and what its keys begin with."""

    bucket: str
    prefix: str
    """Without a slash at either end; empty for the whole bucket."""

    @property
    def url(self) -> str:
        """As it is given on the command line."""
        return f"{SCHEME}{self.bucket}/{self.prefix}"

    def key(self, name: str) -> str:
        """Key of something under the prefix."""
        return f"{self.prefix}/{name}" if self.prefix else name


def parse_place(url: str) -> Place:
    """Read `s3://bucket/prefix`.

    Raises:
        ChanceryError: it is none.
    """
    bucket, _, prefix = url.removeprefix(SCHEME).partition("/")
    if not url.startswith(SCHEME) or not _BUCKET.fullmatch(bucket):
        raise ChanceryError(f"{url} is no place in an object store; say s3://BUCKET/PREFIX.")
    return Place(bucket, prefix.strip("/"))


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """How a store is reached."""

    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    region: str | None = None
    endpoint: str | None = None
    """URL of a store that is not Amazon's; null for Amazon's."""

    @classmethod
    def from_environment(cls) -> Self:
        """As AWS's own tools would reach it.

        Raises:
            ChanceryError: the client is not installed, or the settings cannot be right.
        """
        boto3 = _boto3()
        from botocore.exceptions import BotoCoreError

        try:
            session = boto3.Session()
            found = session.get_credentials()
            frozen = None if found is None else found.get_frozen_credentials()
            # the client resolves the variables and profile files that may name an endpoint
            endpoint = session.client("s3", region_name=session.region_name or "us-east-1").meta.endpoint_url
        except (BotoCoreError, ValueError) as error:
            raise ChanceryError(f"the settings of the object store (AWS_…) are wrong: {error}") from error
        return cls(
            key_id=None if frozen is None else frozen.access_key,
            secret=None if frozen is None else frozen.secret_key,
            token=None if frozen is None else frozen.token,
            region=session.region_name,
            endpoint=None if ".amazonaws.com" in endpoint else endpoint,
        )

    def client(self) -> Any:
        """A boto3 client."""
        from botocore import UNSIGNED
        from botocore.config import Config

        config = Config(
            retries={"mode": "standard", "total_max_attempts": 5},
            # what stores other than Amazon's understand
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if self.endpoint else "auto"},
            signature_version=UNSIGNED if self.key_id is None else None,
        )
        return _boto3().client(
            "s3",
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token,
            region_name=self.region or "us-east-1",
            endpoint_url=self.endpoint,
            config=config,
        )

    def for_polars(self) -> dict[str, str]:
        """`storage_options` of polars."""
        told = {
            "aws_access_key_id": self.key_id,
            "aws_secret_access_key": self.secret,
            "aws_session_token": self.token,
            "aws_region": self.region or "us-east-1",
            "aws_endpoint_url": self.endpoint,
            "aws_allow_http": "true" if self._is_plain else None,
            "aws_skip_signature": "true" if self.key_id is None else None,
        }
        return {name: value for name, value in told.items() if value is not None}

    def for_pyarrow(self) -> "S3FileSystem":
        """File system of pyarrow; its paths are `bucket/key`."""
        from pyarrow.fs import S3FileSystem

        return S3FileSystem(
            access_key=self.key_id,
            secret_key=self.secret,
            session_token=self.token,
            anonymous=self.key_id is None,
            region=self.region or "us-east-1",
            endpoint_override=None if self.endpoint is None else self.endpoint.partition("://")[2],
            scheme="http" if self._is_plain else "https",
        )

    @property
    def _is_plain(self) -> bool:
        return self.endpoint is not None and self.endpoint.startswith("http://")


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turn what the client raises into one sentence; it names hosts and codes, never keys.

    Raises:
        ChanceryError: in place of any error of the client.
    """
    import botocore.exceptions
    from boto3.exceptions import Boto3Error

    try:
        yield
    except botocore.exceptions.ClientError as error:
        answer = error.response.get("Error", {})
        raise ChanceryError(f"{place.url}: {answer.get('Message') or answer.get('Code') or error}") from error
    except (Boto3Error, botocore.exceptions.BotoCoreError) as error:
        raise ChanceryError(f"{place.url} cannot be reached: {error}") from error


def _boto3() -> Any:
    try:
        import boto3
    except ImportError as error:
        raise ChanceryError("s3:// needs a client: pip install 'chancery[s3]'.") from error
    return boto3

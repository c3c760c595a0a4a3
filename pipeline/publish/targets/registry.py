"""The targets by name: what each is told on the command line, and where its tokens lie.

The one decision: a target's client is imported only when that target is asked for; who publishes nothing needs none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pipeline.errors import ChanceryError
from pipeline.publish.targets.contract import Target
from pipeline.publish.targets.retry import Retry
from pipeline.publish.targets.secrets import Secrets, check_endpoint

ZENODO: Final = "https://zenodo.org"
HUGGINGFACE: Final = "https://huggingface.co"
_ZENODO_TOKENS: Final = ("ZENODO_TOKEN",)
_HUGGINGFACE_TOKENS: Final = ("HF_TOKEN",)
_CKAN_TOKENS: Final = ("CKAN_API_TOKEN",)


@dataclass(frozen=True)
class Request:
    """What a person asked for."""

    to: str | None
    endpoint: str | None
    record: int | None
    scratch: Path
    """An empty folder that lasts as long as the publication."""


def _folder(request: Request, secrets: Secrets, retry: Retry) -> Target:
    from pipeline.publish.targets.folder import FolderTarget

    del secrets, retry
    return FolderTarget(Path(_to(request, "a folder")))


def _s3(request: Request, secrets: Secrets, retry: Retry) -> Target:
    from pipeline.publish.targets.s3 import S3Target

    place = _to(request, "s3://bucket/prefix")
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    if not place.startswith("s3://") or not bucket:
        raise ChanceryError(f"--to {place}: say s3://bucket/prefix.")
    return S3Target(
        bucket,
        prefix,
        endpoint=check_endpoint(request.endpoint) if request.endpoint else None,
        key_id=secrets.need(["AWS_ACCESS_KEY_ID"]),
        secret=secrets.need(["AWS_SECRET_ACCESS_KEY"]),
        session_token=secrets.find(["AWS_SESSION_TOKEN"]),
        region=secrets.setting("AWS_REGION") or secrets.setting("AWS_DEFAULT_REGION") or "us-east-1",
        retry=retry,
    )


def _zenodo(request: Request, secrets: Secrets, retry: Retry) -> Target:
    from pipeline.publish.targets.http import Http
    from pipeline.publish.targets.zenodo import ZenodoTarget

    http = Http(check_endpoint(request.endpoint or ZENODO), secrets.need(_ZENODO_TOKENS), retry)
    return ZenodoTarget(http, request.scratch, retry, request.record)


def _huggingface(request: Request, secrets: Secrets, retry: Retry) -> Target:
    from pipeline.publish.targets.huggingface import HuggingFaceTarget

    endpoint = check_endpoint(request.endpoint or HUGGINGFACE)
    return HuggingFaceTarget(_pair(request, "owner/name"), endpoint, secrets.need(_HUGGINGFACE_TOKENS), retry)


def _ckan(request: Request, secrets: Secrets, retry: Retry) -> Target:
    from pipeline.publish.targets.ckan import CkanTarget

    if not request.endpoint:
        raise ChanceryError("say with --endpoint which CKAN portal is meant.")
    organisation, _, dataset = _pair(request, "organisation/dataset").partition("/")
    endpoint = check_endpoint(request.endpoint)
    return CkanTarget(organisation, dataset, endpoint, secrets.need(_CKAN_TOKENS), retry)


TARGETS: Final[Mapping[str, Callable[[Request, Secrets, Retry], Target]]] = MappingProxyType(
    {"ckan": _ckan, "zenodo": _zenodo, "huggingface": _huggingface, "s3": _s3, "folder": _folder}
)
"""In the order of the help page."""


def open_target(name: str, request: Request, secrets: Secrets, retry: Retry) -> Target:
    """The target of that name.

    Raises:
        ChanceryError: something it must be told, its token or its client is missing.
    """
    try:
        return TARGETS[name](request, secrets, retry)
    except ImportError as error:
        raise ChanceryError(
            f"publishing to {name} needs {error.name}: install chancery[publish], or in a clone run "
            "make .venv-publish/.ready and use .venv-publish/bin/chancery."
        ) from error


def _to(request: Request, form: str) -> str:
    if not request.to:
        raise ChanceryError(f"say where with --to: {form}.")
    return request.to


def _pair(request: Request, form: str) -> str:
    place = _to(request, form)
    if place.count("/") != 1 or not all(place.split("/")):
        raise ChanceryError(f"--to {place}: say {form}.")
    return place

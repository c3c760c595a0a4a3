"""Publishing to a CKAN portal: one organisation, one dataset that every release updates, one resource for each file.

The one decision: all that changes goes in one `package_revise`, which CKAN carries out whole or not at all, so a portal
never shows tables of two releases side by side. A new dataset is private until every file was fetched again; one that
turns out wrong is made private. Resources keep their ids, and thereby their links, for they are known by name.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final, TypeVar

import ckanapi
import requests
from ckanapi.errors import CKANAPIError, NotAuthorized, NotFound, ValidationError

from pipeline.publish.targets.ckan_metadata import dataset_fields, resource_fields
from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.http import BROKEN, Http, signed_session
from pipeline.publish.targets.retry import PASSING_STATUS, PassingError, Retry
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import Release, ReleaseFile, version_order

_TIMEOUT: Final = (15.0, 900.0)
"""A portal answers an upload only when it has stored all of it."""

_Result = TypeVar("_Result")


class CkanTarget:
    """One dataset of one portal."""

    def __init__(self, organisation: str, dataset: str, endpoint: str, token: Token, retry: Retry) -> None:
        self._organisation = organisation
        self._dataset = dataset
        self._endpoint = endpoint
        self._retry = retry
        session = signed_session(endpoint, token, "")
        session.hooks["response"].append(_refuse_passing)
        # No key is given to the client: it would send it along to wherever the portal redirects.
        self._api: Any = ckanapi.RemoteCKAN(endpoint, session=session)
        self._own = Http(endpoint, token, retry, "")
        self._public = Http(endpoint, None, retry)
        self._discarded: set[str] = set()
        self._addresses: dict[str, str] = {}
        self._is_shown = False
        self._is_unproved = False
        self._label = ""

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """All files of the release."""
        return release.files

    def plan(self, release: Release) -> list[str]:
        """What would be created and what updated."""
        steps = []
        if self._show("organization_show", self._organisation) is None:
            steps.append(f"create the organisation {self._organisation}.")
        there = self._there()
        if there is None:
            steps.append(f"create the dataset {self._dataset}, private.")
        else:
            self._refuse(there, release)
        held = _by_name(there)
        missing = [file for file in release.files if not _holds(held, file)]
        gone = sorted(held.keys() - {file.name for file in release.files})
        if missing or gone:
            n_bytes = sum(file.size for file in missing)
            steps.append(
                f"upload {len(missing)} of {len(release.files)} files ({n_bytes:,} bytes) and remove {len(gone)} "
                f"in one revision of {self._dataset}."
            )
        if there is None or there["private"]:
            steps.append(f"make {self._dataset} public.")
        return steps or [f"{self._dataset} holds release {release.label} already."]

    def stage(self, release: Release) -> None:
        """Bring organisation, dataset and resources to the release in one revision."""
        self._label = release.label
        self._made("organization", self._organisation, title=self._organisation)
        fields = dataset_fields(release)
        there = self._made("package", self._dataset, owner_org=self._organisation, private=True, **fields)
        self._refuse(there, release)
        held = _by_name(there)
        missing = {file.name for file in release.files if file.name in self._discarded or not _holds(held, file)}
        if missing or held.keys() != {file.name for file in release.files} or there.get("version") != release.label:
            self._is_unproved = not there["private"]
            self._retry(lambda: self._revise(there["id"], release, held, missing, fields))
        self._discarded.clear()
        self._look()

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """Download a resource: with the token while the dataset is private, without it once readers can."""
        http = self._public if self._is_shown else self._own
        return http.pieces(self._addresses[copy.name])

    def discard(self, copy: ReleaseFile) -> None:
        """Let the next `stage` send this file again; a public dataset is made private until then."""
        self._discarded.add(copy.name)
        self._hide()

    def reveal(self, release: Release) -> str:  # noqa: ARG002 -- the protocol's signature
        """Make the dataset public."""
        there = self._there()
        assert there is not None, "stage has created it"
        if there["private"]:
            self._act("package_patch", id=there["id"], private=False)
        self._look()
        self._is_shown, self._is_unproved = True, False
        return f"{self._endpoint}/dataset/{self._dataset}"

    def abandon(self) -> str:
        """Make the dataset private when it holds a revision that was not proved."""
        there = self._there()
        if there is None:
            return f"No dataset {self._dataset} was created."
        # A revision that broke has changed nothing, unless only its answer was lost: the version tells.
        if self._is_unproved and there.get("version") == self._label and not there["private"]:
            self._hide()
            return f"The dataset {self._dataset} was made private; the next run goes on with it."
        if there["private"]:
            return f"The dataset {self._dataset} is private; the next run goes on with it."
        return f"The dataset {self._dataset} shows release {there.get('version')}."

    def _revise(
        self, number: str, release: Release, held: dict[str, Any], missing: set[str], fields: dict[str, Any]
    ) -> None:
        # CKAN takes the lists in a multipart request as JSON texts.
        resources = [
            {
                **({key: held[file.name][key] for key in ("id", "url", "url_type")} if file.name in held else {}),
                **resource_fields(release, file),
            }
            for file in release.files
        ]
        asked = {
            "match": json.dumps({"id": number}),
            "filter": json.dumps(["-resources", "-extras", "-tags"]),
            "update": json.dumps({**fields, "resources": resources}),
        }
        with ExitStack() as stack:
            files = {
                f"update__resources__{position}__upload": (
                    file.name.replace("/", "-"),
                    stack.enter_context(file.path.open("rb")),
                )
                for position, file in enumerate(release.files)
                if file.name in missing
            }
            self._once(
                lambda: self._api.call_action(
                    "package_revise",
                    asked if files else {key: json.loads(value) for key, value in asked.items()},
                    files=files or None,
                    requests_kwargs={"timeout": _TIMEOUT},
                )
            )

    def _refuse(self, there: dict[str, Any], release: Release) -> None:
        label = there.get("version") or ""
        if there["private"] or self._is_unproved:
            return
        if version_order(label) > version_order(release.label):
            raise PublishError(f"{self._dataset} holds release {label} already, which is newer than {release.label}")
        held = _by_name(there)
        if label == release.label and not all(_holds(held, file) for file in release.files):
            raise PublishError(
                f"{self._dataset} holds release {label} with other bytes; a published version never changes"
            )

    def _hide(self) -> None:
        there = self._there()
        if there is not None and not there["private"]:
            self._act("package_patch", id=there["id"], private=True)
        self._is_shown = False

    def _look(self) -> None:
        self._addresses = {name: resource["url"] for name, resource in _by_name(self._there()).items()}

    def _there(self) -> dict[str, Any] | None:
        return self._show("package_show", self._dataset)

    def _show(self, action: str, name: str) -> dict[str, Any] | None:
        try:
            found = self._act(action, id=name)
        except PublishError as error:
            if isinstance(error.__cause__, NotFound):
                return None
            raise
        return dict(found)

    def _made(self, kind: str, name: str, **fields: Any) -> dict[str, Any]:
        """The organisation or dataset of that name; created where there is none."""

        def attempt() -> dict[str, Any]:
            # Looked up before each attempt: where only the answer was lost, creating again would be refused.
            there = self._show(f"{kind}_show", name)
            return there or self._once(lambda: self._api.call_action(f"{kind}_create", {"name": name, **fields}))

        return self._retry(attempt)

    def _act(self, action: str, **arguments: Any) -> Any:
        return self._retry(
            lambda: self._once(lambda: self._api.call_action(action, arguments, requests_kwargs={"timeout": _TIMEOUT}))
        )

    def _once(self, act: Callable[[], _Result]) -> _Result:
        try:
            return act()
        except BROKEN as error:
            raise PassingError(f"the connection broke ({type(error).__name__})") from error
        except NotFound as error:
            raise PublishError("CKAN knows no such thing") from error
        except NotAuthorized as error:
            raise PublishError("CKAN does not allow this token to do that") from error
        except ValidationError as error:
            raise PublishError(f"CKAN refused: {json.dumps(error.error_dict, ensure_ascii=False)[:300]}") from error
        except CKANAPIError as error:
            raise PublishError(
                f"CKAN answered with something else than its API describes: {str(error)[:200]}"
            ) from error


def _refuse_passing(answer: requests.Response, **_: object) -> None:
    if answer.status_code in PASSING_STATUS:
        wait = answer.headers.get("Retry-After", "")
        raise PassingError(
            f"CKAN answered with {answer.status_code}", wait=float(wait) if wait.isascii() and wait.isdigit() else None
        )


def _by_name(dataset: dict[str, Any] | None) -> dict[str, Any]:
    return {} if dataset is None else {resource["name"]: resource for resource in dataset["resources"]}


def _holds(held: dict[str, Any], file: ReleaseFile) -> bool:
    return file.name in held and held[file.name].get("hash") == file.sha256

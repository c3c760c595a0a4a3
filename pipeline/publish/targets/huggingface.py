"""Publishing to the Hugging Face Hub: one commit on `main` and a tag, made when a trial branch gave every byte back.

The one decision: the files are first committed to a branch that no reader is sent to. What is on the Hub under `main`
is one whole release; the branch goes away with success and with failure, its uploaded objects stay for the next run.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils import disable_progress_bars

from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.http import Http
from pipeline.publish.targets.retry import PASSING_STATUS, PassingError, Retry
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import Release, ReleaseFile, version_order

_KIND: Final = "dataset"
_MAIN: Final = "main"
_OF_THE_HUB: Final = frozenset({".gitattributes"})
"""Files the Hub itself puts into a repository."""

_Result = TypeVar("_Result")


class HuggingFaceTarget:
    """One dataset repository."""

    def __init__(self, repository: str, endpoint: str, token: Token, retry: Retry) -> None:
        disable_progress_bars()
        self._repository = repository
        self._endpoint = endpoint
        self._retry = retry
        self._api: Any = HfApi(endpoint=endpoint, token=token.unwrap(), library_name="chancery")
        self._http = Http(endpoint, token, retry)
        self._label = ""
        self._tagged = False
        self._branched = False

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """All files of the release."""
        return release.files

    def plan(self, release: Release) -> list[str]:
        """What would be created, committed and tagged."""
        self._label = release.label
        tags = self._tags()
        if tags is None:
            steps = [f"create the dataset {self._repository}."]
        elif self._tag in tags:
            self._tagged = True
            return [f"{self._repository} has the tag {self._tag} already."]
        else:
            self._refuse_older(tags)
            steps = []
            if gone := self._gone(release):
                steps.append(f"remove {len(gone)} files that the release no longer has.")
        n_bytes = sum(file.size for file in release.files)
        return [
            f"upload {len(release.files)} files ({n_bytes:,} bytes) to the branch {self._branch}.",
            *steps,
            f"commit them to {_MAIN} of {self._repository} in one commit, tag it {self._tag}, delete the branch.",
        ]

    def stage(self, release: Release) -> None:
        """Commit the files to the trial branch."""
        if self._tagged or self._branched:
            return
        self._ask(lambda: self._api.create_repo(self._repository, repo_type=_KIND, exist_ok=True))
        self._drop_branch()
        self._ask(
            lambda: self._api.create_branch(self._repository, branch=self._branch, repo_type=_KIND, exist_ok=True)
        )
        self._branched = True
        self._ask(lambda: self._commit(release, self._branch))

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """Download a file from the tag, or from the branch as long as there is none."""
        revision = self._tag if self._tagged else self._branch
        url = hf_hub_url(self._repository, copy.name, repo_type=_KIND, revision=revision, endpoint=self._endpoint)
        return self._http.pieces(url)

    def discard(self, copy: ReleaseFile) -> None:
        """Remove the trial branch, for the commit on it is wrong as a whole."""
        if self._tagged:
            raise PublishError(
                f"{copy.name} has other bytes under the tag {self._tag}; a published version never changes"
            )
        self._drop_branch()

    def reveal(self, release: Release) -> str:
        """Commit to `main`, tag the commit, remove the branch."""
        if not self._tagged:
            commit = self._ask(lambda: self._commit(release, _MAIN))
            self._ask(
                lambda: self._api.create_tag(
                    self._repository, tag=self._tag, revision=commit.oid, repo_type=_KIND, exist_ok=True
                )
            )
            self._tagged = True
            self._drop_branch()
        return f"{self._endpoint}/datasets/{self._repository}/tree/{self._tag}"

    def abandon(self) -> str:
        """Remove the trial branch."""
        if self._tagged:
            return f"The tag {self._tag} is on the Hub; look at it by hand."
        if self._branched:
            self._drop_branch()
        return f"{_MAIN} was not touched and no branch is left; uploaded objects are found again by the next run."

    @property
    def _branch(self) -> str:
        return f"upload-{self._label}"

    @property
    def _tag(self) -> str:
        return f"v{self._label}"

    def _commit(self, release: Release, revision: str) -> Any:
        head = self._api.repo_info(self._repository, repo_type=_KIND, revision=revision).sha
        return self._api.create_commit(
            self._repository,
            [
                *(CommitOperationAdd(file.name, str(file.path)) for file in release.files),
                *(
                    CommitOperationDelete(name)
                    for name in self._names(revision) - {file.name for file in release.files}
                ),
            ],
            commit_message=f"Release {release.label}",
            repo_type=_KIND,
            revision=revision,
            parent_commit=head,
        )

    def _names(self, revision: str) -> set[str]:
        return set(self._api.list_repo_files(self._repository, repo_type=_KIND, revision=revision)) - _OF_THE_HUB

    def _gone(self, release: Release) -> list[str]:
        return sorted(self._ask(lambda: self._names(_MAIN)) - {file.name for file in release.files})

    def _tags(self) -> set[str] | None:
        """Names of the tags; None where there is no such repository."""
        try:
            refs = self._ask(lambda: self._api.list_repo_refs(self._repository, repo_type=_KIND))
        except PublishError as error:
            if isinstance(error.__cause__, RepositoryNotFoundError):
                return None
            raise
        return {tag.name for tag in refs.tags}

    def _refuse_older(self, tags: set[str]) -> None:
        newer = [tag for tag in tags if version_order(tag.removeprefix("v")) > version_order(self._label)]
        if newer:
            raise PublishError(f"{self._repository} holds {min(newer)} already, which is newer than {self._label}")

    def _drop_branch(self) -> None:
        def drop() -> None:
            # Looked up before each attempt: where only the answer was lost, the branch is gone already.
            refs = self._api.list_repo_refs(self._repository, repo_type=_KIND)
            if self._branch in {branch.name for branch in refs.branches}:
                self._api.delete_branch(self._repository, branch=self._branch, repo_type=_KIND)

        self._ask(drop)
        self._branched = False

    def _ask(self, act: Callable[[], _Result]) -> _Result:
        def attempt() -> _Result:
            try:
                return act()
            except HfHubHTTPError as error:
                status = error.response.status_code
                sentence = f"the Hub answered {status}"
                if status in PASSING_STATUS:
                    raise PassingError(sentence) from error
                raise PublishError(f"{sentence}: {error.server_message or type(error).__name__}") from error
            except Exception as error:
                # The client's HTTP library changed its name between releases; its failures in transit did not.
                if any(kind.__name__ == "TransportError" for kind in type(error).__mro__):
                    raise PassingError(f"the connection broke ({type(error).__name__})") from error
                raise

        return self._retry(attempt)

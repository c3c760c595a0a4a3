"""The way of a release to a target: stage, fetch every byte again, reveal, fetch every byte again as readers do.

The one decision: nothing is revealed before the target gave back exactly what it was sent; a copy with other bytes is
removed and sent once more, and a second failure ends the publication.
"""

from collections.abc import Callable, Sequence

from pipeline.publish.targets.contract import Publication, PublishError, Target
from pipeline.publish.targets.retry import PassingError, Retry
from pipeline.publish.targets.source import Release, ReleaseFile, digest


def publish(release: Release, target: Target, retry: Retry, say: Callable[[str], None]) -> Publication:
    """Publish a release; `say` is told each step in one sentence.

    Raises `PublishError` whose message ends with what is left at the target.
    """
    try:
        return _publish(release, target, retry, say)
    except (PassingError, PublishError) as error:
        try:
            left = target.abandon()
        except (PassingError, PublishError) as second:
            left = f"It could not be tidied up either: {second}"
        raise PublishError(f"{str(error).rstrip('.')}. {left}") from error


def _publish(release: Release, target: Target, retry: Retry, say: Callable[[str], None]) -> Publication:
    for sentence in target.plan(release):
        say(sentence)
    copies = target.copies(release)
    target.stage(release)
    if wrong := _wrong(copies, target, retry):
        say(f"{_names(wrong)}: what came back differs from what was sent; sending again.")
        for copy in wrong:
            target.discard(copy)
        target.stage(release)
        if wrong := _wrong(copies, target, retry):
            for copy in wrong:
                target.discard(copy)
            raise PublishError(f"{_names(wrong)}: what comes back differs from what was sent, twice")
    say(f"{len(copies)} files fetched again, hashes equal.")
    address = target.reveal(release)
    if wrong := _wrong(copies, target, retry):
        raise PublishError(f"{_names(wrong)}: what readers now get at {address} differs from the release")
    say(f"Published at {address}; {len(copies)} files fetched again as readers get them, hashes equal.")
    return Publication(address, len(copies), sum(copy.size for copy in copies))


def _wrong(copies: Sequence[ReleaseFile], target: Target, retry: Retry) -> list[ReleaseFile]:
    def differs(copy: ReleaseFile) -> bool:
        return retry(lambda: digest(target.fetch(copy))) != (copy.sha256, copy.size)

    return [copy for copy in copies if differs(copy)]


def _names(copies: list[ReleaseFile]) -> str:
    more = f" and {len(copies) - 3} more" if len(copies) > 3 else ""
    return ", ".join(copy.name for copy in copies[:3]) + more

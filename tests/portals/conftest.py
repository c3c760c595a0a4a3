"""The same invented releases and clock as for the other targets."""

from tests.publish.targets.conftest import hours, loopback_only, next_release, release

__all__ = ["hours", "loopback_only", "next_release", "release"]

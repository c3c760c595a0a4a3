"""Which pages people read, and what each should say now."""

import os
from pathlib import Path

from tests.docs.fences import rendered
from tests.docs.generated import generated
from tests.docs.running import Reader
from tests.worlds import World


def pages(root: Path) -> list[Path]:
    """Every page of the project that people read, by path."""
    top = [root / name for name in ("README.md", "CONTRIBUTING.md", "CONTEXT.md", "LICENSE-DATA.md", "raw/README.md")]
    return [*top, *sorted((root / "docs").rglob("*.md"))]


def live_pages(root: Path) -> list[Path]:
    """The pages whose snippets run on any machine: the README, the guide and the walk through the code."""
    guide = sorted((root / "docs").glob("[1-9]-*.md"))
    return [root / "README.md", *guide, root / "docs" / "architecture.md"]


def in_root(path: Path, root: Path) -> str:
    """A page's name as shown to people."""
    return os.fspath(path.relative_to(root))


def remade(page: str, samples: World, simulated: World) -> str:
    """The page with its live parts made anew."""
    return rendered(page, Reader(samples, simulated).run, lambda name: generated(name, simulated))

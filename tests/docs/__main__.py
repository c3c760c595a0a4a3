"""Makes the live parts of the pages anew: `python -m tests.docs` (or `make docs`)."""

import tempfile
from pathlib import Path

from tests.docs.remake import in_root, live_pages, remade
from tests.worlds import ROOT, sample_world, simulated_world


def main() -> None:
    """Rewrite the pages whose live parts changed."""
    with tempfile.TemporaryDirectory() as folder:
        samples, simulated = sample_world(Path(folder) / "samples"), simulated_world(Path(folder) / "simulated")
        for path in live_pages(ROOT):
            page = path.read_text(encoding="utf-8")
            new = remade(page, samples, simulated)
            if new != page:
                path.write_text(new, encoding="utf-8")
                print(f"wrote {in_root(path, ROOT)}")


if __name__ == "__main__":
    main()

"""What others would do at least, or usually: run as `python -m benchmarks.floors NAME FOLDER OUT [WORKERS]`.

The one decision made here: a floor does what no reading of the same dump can leave out, with the fastest library known,
and nothing else. With several workers, each takes whole files, as ours do: two busy processors of one core slow each
other.
"""

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path


def start(_paths: Sequence[Path], _out: Path) -> None:
    """Load polars and stop."""
    import polars as pl

    pl.DataFrame({"x": [1]})


def text_floor(paths: Sequence[Path], out: Path) -> None:
    """Polars reads the JSONL, every text is hashed (SHA-256), everything is written as Parquet with zstd."""
    import polars as pl

    for path in paths:
        frame = pl.read_ndjson(path)
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in frame["text"]]
        frame.with_columns(pl.Series("sha256", digests)).write_parquet(
            out / f"{path.stem}.parquet", compression="zstd", compression_level=3
        )


def warc_floor(paths: Sequence[Path], _out: Path) -> None:
    """FastWARC reads every record, selectolax makes text of every HTML page."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from selectolax.lexbor import LexborHTMLParser

    letters = 0
    for path in paths:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                body = LexborHTMLParser(record.reader.read()).body
                letters += len(body.text(separator="\n")) if body is not None else 0
    sys.stdout.write(f"{letters}\n")


def warc_stack(paths: Sequence[Path], _out: Path) -> None:
    """The usual stack: warcio reads, trafilatura extracts, datasketch finds near duplicates."""
    from datasketch import MinHash, MinHashLSH
    from trafilatura import extract
    from warcio.archiveiterator import ArchiveIterator

    index = MinHashLSH(threshold=0.8, num_perm=128)
    number = 0
    for path in paths:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response":
                    continue
                html = record.content_stream().read().decode("utf-8", "replace")
                words = (extract(html) or "").split()
                minhash = MinHash(num_perm=128)
                minhash.update_batch({" ".join(words[at : at + 5]).encode() for at in range(max(1, len(words) - 4))})
                index.query(minhash)
                index.insert(str(number), minhash)
                number += 1


TASKS: Mapping[str, Callable[[Sequence[Path], Path], None]] = {
    "start": start,
    "text-floor": text_floor,
    "warc-floor": warc_floor,
    "warc-stack": warc_stack,
}


def main(name: str, folder: Path, out: Path, workers: int = 1) -> None:
    """Do it to every file of the folder."""
    paths = sorted(folder.iterdir())
    if workers == 1:
        TASKS[name](paths, out)
        return
    with get_context("spawn").Pool(workers) as pool:
        pool.starmap(TASKS[name], [([path], out) for path in paths], chunksize=1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))

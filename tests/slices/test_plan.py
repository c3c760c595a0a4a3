"""Slices: which files go together, and when a slice is another one."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.reader import RawFile, Share
from pipeline.slices.plan import MOST_SHARES, SHARE_BYTES, SMALL_FILE, plan_slices


def files(names: list[str], size: int = 10) -> list[RawFile]:
    return [RawFile(Path(name), name, size, 0) for name in names]


def digests(given: list[RawFile]) -> dict[str, str]:
    return {file.raw_path: f"digest of {file.raw_path}" for file in given}


MANY = [f"page-{number:05d}.txt" for number in range(3_000)]


def test_every_file_is_in_exactly_one_slice_and_a_large_one_alone() -> None:
    given_files = [*files(MANY), *files(["big.warc"], SMALL_FILE + 1)]
    slices = plan_slices(given_files, digests(given_files), "code")
    assert sorted(file.raw_path for piece in slices for file in piece.files) == sorted([*MANY, "big.warc"])
    assert [len(piece.files) for piece in slices if piece.files[0].raw_path == "big.warc"] == [1]


def test_a_very_large_file_is_shared_by_slices_of_about_equal_size() -> None:
    small, middle, large = SHARE_BYTES, 2 * SHARE_BYTES + 1, 100 * SHARE_BYTES
    for size, n_shares in ((small, 1), (middle, 3), (large, MOST_SHARES)):
        (file,) = files(["big.warc"], size)
        slices = plan_slices([file], digests([file]), "code")
        assert [piece.files[0].share for piece in slices] == [Share(number, n_shares) for number in range(n_shares)]
        assert len({piece.key for piece in slices}) == n_shares
        assert size - n_shares < sum(piece.size for piece in slices) <= size


def test_one_more_file_changes_one_slice() -> None:
    before = plan_slices(files(MANY), digests(files(MANY)), "code")
    more = files([*MANY, "page-01500b.txt"])
    after = plan_slices(more, digests(more), "code")
    assert len(before) > 2
    assert len({piece.key for piece in after} - {piece.key for piece in before}) <= 2


def test_a_changed_file_changes_its_slice_only_and_other_code_changes_all() -> None:
    plain = plan_slices(files(MANY), digests(files(MANY)), "code")
    edited = plan_slices(files(MANY), digests(files(MANY)) | {MANY[7]: "other"}, "code")
    assert len({piece.key for piece in edited} - {piece.key for piece in plain}) == 1
    assert not {piece.key for piece in plan_slices(files(MANY), digests(files(MANY)), "new")} & {
        piece.key for piece in plain
    }


@given(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=30), st.randoms())
def test_the_order_of_files_changes_no_slice(names: list[str], random: object) -> None:
    given_files = files(names)
    shuffled = list(given_files)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan_slices(shuffled, digests(given_files), "c") == plan_slices(given_files, digests(given_files), "c")

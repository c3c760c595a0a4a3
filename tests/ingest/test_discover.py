"""Discovery: every file under the roots, each with a name of its own, nothing passed over in silence."""

import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ChanceryError
from pipeline.ingest.discover import ListedFile, Listing, discover, encode_name
from pipeline.records import Outcome


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def raw_paths(*roots: Path) -> list[str]:
    return [file.raw_path for file in discover(roots).files]


def test_every_file_of_nested_folders_is_listed_sorted_by_its_raw_path(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "a.txt", ".hidden", "README.md")
    assert raw_paths(tmp_path) == [".hidden", "README.md", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]


def test_size_and_time_of_a_file_are_known(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (file,) = discover([tmp_path]).files
    assert (file.size, file.mtime_ns) == (5, (tmp_path / "a.txt").stat().st_mtime_ns)


def test_a_single_file_is_a_root(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    assert raw_paths(tmp_path / "a.txt") == ["a.txt"]


def test_several_roots_prefix_their_names(tmp_path: Path) -> None:
    make(tmp_path, "one/a.txt", "two/a.txt", "c.txt")
    assert raw_paths(tmp_path / "two", tmp_path / "one", tmp_path / "c.txt") == ["c.txt", "one/a.txt", "two/a.txt"]


def test_roots_that_share_a_name_get_prefixes_of_their_own_in_any_order(tmp_path: Path) -> None:
    make(tmp_path, "x/raw/a.txt", "y/raw/a.txt")
    roots = [tmp_path / "x/raw", tmp_path / "y/raw"]
    assert raw_paths(*roots) == raw_paths(*reversed(roots)) == ["x~raw/a.txt", "y~raw/a.txt"]


def test_a_root_inside_another_or_given_twice_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "raw/sub/a.txt")
    assert raw_paths(tmp_path / "raw", tmp_path / "raw/sub", tmp_path / "raw/") == ["sub/a.txt"]


def listing_of(root: Path, place: Path) -> Listing:
    """What another machine would tell of a folder that this one is to take for `place`."""
    files = [path for path in root.rglob("*") if path.is_file()] if root.is_dir() else [root]
    below = [path.relative_to(root).as_posix().removeprefix(".") for path in files]
    return Listing(place, tuple(ListedFile(name, len(name), 1) for name in below))


@pytest.mark.parametrize("roots", [("x/raw",), ("x/raw", "y/raw"), ("x/raw", "y/raw", "c%E9.txt"), ("x", "x/raw")])
def test_roots_that_only_another_machine_sees_are_named_as_if_they_lay_here(
    roots: tuple[str, ...], tmp_path: Path
) -> None:
    make(tmp_path / "here", "x/raw/a.txt", "x/raw/sub/100%25.txt", "y/raw/a.txt", "c%E9.txt")
    (tmp_path / "away").mkdir()
    places = [tmp_path / "away" / root for root in roots]
    listings = [listing_of(tmp_path / "here" / root, place) for root, place in zip(roots, places, strict=True)]
    here = discover([tmp_path / "here" / root for root in roots]).files
    away = discover(places, listings).files
    assert [(file.raw_path, file.tree_path) for file in away] == [(file.raw_path, file.tree_path) for file in here]


def test_roots_here_and_elsewhere_are_named_by_one_rule(tmp_path: Path) -> None:
    make(tmp_path / "here", "x/raw/a.txt", "y/raw/a.txt")
    away = tmp_path / "away" / "x" / "raw"
    files = discover([away, tmp_path / "here/y/raw"], [listing_of(tmp_path / "here/x/raw", away)]).files
    assert [file.raw_path for file in files] == ["x~raw/a.txt", "y~raw/a.txt"]


def test_a_root_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ChanceryError, match=r"nowhere does not exist: check the path given to --raw\.$"):
        discover([tmp_path / "nowhere"])
    with pytest.raises(ChanceryError, match="No raw dump was named"):
        discover([])


def test_names_with_spaces_newlines_and_bytes_that_are_no_utf8_stay_apart(tmp_path: Path) -> None:
    for name in (b"a b.txt", b"a\nb.txt", b"caf\xe9.txt", "café.txt".encode(), b"caf%E9.txt", b"100%.txt", b"%25.txt"):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"x")  # noqa: PTH118
    assert raw_paths(tmp_path) == [
        "%2525.txt",
        "100%.txt",
        "a\nb.txt",
        "a b.txt",
        "caf%25E9.txt",
        "caf%E9.txt",
        "café.txt",
    ]


@given(st.lists(st.binary(min_size=1, max_size=6).filter(lambda b: b"/" not in b), min_size=2, max_size=2, unique=True))
def test_two_names_never_become_one(names: list[bytes]) -> None:
    first, second = (encode_name(name.decode("utf-8", "surrogateescape")) for name in names)
    first.encode()
    assert first != second


@given(st.lists(st.text("%25EF9\udce9\udcff", max_size=7), min_size=2, max_size=2, unique=True))
def test_two_names_of_percents_and_wild_bytes_never_become_one(names: list[str]) -> None:
    assert encode_name(names[0]) != encode_name(names[1])


def test_links_are_followed_and_a_folder_linked_twice_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "raw/real/a.txt", "elsewhere/b.txt")
    (tmp_path / "raw/alink").symlink_to(tmp_path / "raw/real")
    (tmp_path / "raw/far").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "raw/file").symlink_to(tmp_path / "elsewhere/b.txt")
    found = discover([tmp_path / "raw"])
    assert [file.raw_path for file in found.files] == ["far/b.txt", "file", "real/a.txt"]
    assert [(p.raw_path, p.outcome, p.reason) for p in found.problems] == [
        ("alink", Outcome.NOT_A_PAGE, "linked_twice")
    ]


def test_links_in_a_circle_are_rejected_and_end(tmp_path: Path) -> None:
    make(tmp_path, "raw/a/b/c.txt")
    (tmp_path / "raw/a/b/up").symlink_to(tmp_path / "raw/a")
    (tmp_path / "raw/self").symlink_to(tmp_path / "raw/self")
    (tmp_path / "raw/gone").symlink_to(tmp_path / "raw/nothing")
    found = discover([tmp_path / "raw"])
    assert [file.raw_path for file in found.files] == ["a/b/c.txt"]
    assert [(p.raw_path, p.reason) for p in found.problems] == [
        ("a/b/up", "symlink_loop"),
        ("gone", "broken_symlink"),
        ("self", "symlink_loop"),
    ]
    assert all(p.outcome is Outcome.REJECTED and p.detail and p.detail.endswith(".") for p in found.problems)


def test_a_link_to_a_folder_that_contains_the_root_is_a_circle(tmp_path: Path) -> None:
    make(tmp_path, "x/raw/a.txt", "x/beside.txt", "far/b.txt")
    (tmp_path / "x/raw/up").symlink_to("..")
    (tmp_path / "x/raw/far").symlink_to(tmp_path / "far")
    (tmp_path / "far/top").symlink_to(tmp_path)
    found = discover([tmp_path / "x/raw"])
    assert [file.raw_path for file in found.files] == ["a.txt", "far/b.txt"]
    assert [(p.raw_path, p.reason) for p in found.problems] == [("far/top", "symlink_loop"), ("up", "symlink_loop")]


def test_a_root_reached_from_a_link_is_not_read_again(tmp_path: Path) -> None:
    make(tmp_path, "x/raw/a.txt", "x/beside.txt", "far/b.txt")
    (tmp_path / "x/raw/far").symlink_to(tmp_path / "far")
    (tmp_path / "far/x").symlink_to(tmp_path / "x")
    found = discover([tmp_path / "x/raw"])
    assert [file.raw_path for file in found.files] == ["a.txt", "far/b.txt", "far/x/beside.txt"]
    assert [(p.raw_path, p.reason) for p in found.problems] == [("far/x/raw", "linked_twice")]


@pytest.mark.parametrize(
    ("inner", "outer", "read", "twice"),
    [("A", "B", ["A/b.txt", "B/a.txt"], "B/y"), ("B", "A", ["A/a.txt", "A/y/b.txt"], "B")],
)
def test_of_a_linked_folder_and_one_inside_it_each_file_is_read_once(
    tmp_path: Path, inner: str, outer: str, read: list[str], twice: str
) -> None:
    make(tmp_path, "ext/x/a.txt", "ext/x/y/b.txt")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / inner).symlink_to("../ext/x/y")
    (tmp_path / "raw" / outer).symlink_to("../ext/x")
    found = discover([tmp_path / "raw"])
    assert [file.raw_path for file in found.files] == read
    assert [(p.raw_path, p.reason) for p in found.problems] == [(twice, "linked_twice")]


FOLDERS = ["raw", "raw/p", "raw/p/q", "ext", "ext/x", "ext/x/y"]


@given(links=st.dictionaries(st.sampled_from(FOLDERS), st.sampled_from([".", *FOLDERS]), max_size=6))
def test_no_links_between_folders_make_a_file_be_read_twice_or_a_real_one_be_missed(links: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        top = Path(folder)
        make(top, *(f"{name}/file.txt" for name in FOLDERS))
        for place, target in links.items():
            (top / place / "link").symlink_to(top / target)
        found = discover([top / "raw"])
        real = [os.path.relpath(file.path.resolve(), top.resolve()) for file in found.files]
        assert len(set(real)) == len(real)
        assert {"raw/file.txt", "raw/p/file.txt", "raw/p/q/file.txt"} <= set(real)
        names = {file.raw_path for file in found.files} | {problem.raw_path for problem in found.problems}
        for place in set(links) & {"raw", "raw/p", "raw/p/q"}:
            link = f"{place}/link".removeprefix("raw/")
            assert any(name == link or name.startswith(f"{link}/") for name in names)


def test_a_ladder_of_links_does_not_multiply(tmp_path: Path) -> None:
    make(tmp_path, "raw/n00/x.txt")
    for step in range(1, 30):
        folder = tmp_path / f"raw/n{step:02d}"
        folder.mkdir()
        for side in "ab":
            (folder / side).symlink_to(tmp_path / f"raw/n{step - 1:02d}")
    found = discover([tmp_path / "raw"])
    assert len(found.files) == 1
    assert len(found.problems) == 58


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        found = discover([tmp_path])
    assert [file.raw_path for file in found.files] == ["a.txt"]
    assert [(p.raw_path, p.reason) for p in found.problems] == [("s", "not_a_file")]


def test_an_unreadable_folder_is_rejected_and_its_neighbours_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "shut/a.txt", "open/b.txt")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover([tmp_path])
    assert [file.raw_path for file in found.files] == ["open/b.txt"]
    (problem,) = found.problems
    assert (problem.raw_path, problem.outcome, problem.reason) == ("shut", Outcome.REJECTED, "unreadable")
    assert problem.detail == "shut: the folder could not be read (Permission denied); check its permissions."


def test_the_tree_path_begins_with_the_roots_own_name(tmp_path: Path) -> None:
    make(tmp_path, "www.rusemb.org.uk/fnapr/1")
    (file,) = discover([tmp_path / "www.rusemb.org.uk"]).files
    assert (file.raw_path, file.tree_path) == ("fnapr/1", "www.rusemb.org.uk/fnapr/1")

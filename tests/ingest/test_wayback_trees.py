"""Download trees: what the folders of waybackpack, wayback-machine-downloader and mirrors prove."""

import pytest

from pipeline.ingest.wayback_trees import NOWHERE, locate

TIME = "2019-11-18T21:03:25+00:00"


@pytest.mark.parametrize(
    ("path", "url", "time"),
    [
        # waybackpack
        ("raw/20191118210325/www.rusemb.org.uk/fnapr/6840", "http://www.rusemb.org.uk/fnapr/6840", TIME),
        ("20191118210325/rusemb.org.uk/index.html", "http://rusemb.org.uk/", TIME),
        ("d/20191118210325/rusemb.org.uk/embassy/index.html", "http://rusemb.org.uk/embassy/", TIME),
        ("d/20191118210325/host.example:8080/a", "http://host.example:8080/a", TIME),
        # its names leave the query out: which page of the script this is cannot be told
        ("d/20191118210325/www.rusemb.org.uk/index.php", None, TIME),
        # wayback-machine-downloader
        ("websites/rusemb.org.uk/20191118210325/fnapr/6840/index.html", "http://rusemb.org.uk/fnapr/6840/", TIME),
        ("rusemb.example/20191118210325/a b/c.html", "http://rusemb.example/a%20b/c.html", TIME),
        ("websites/old.example/fnapr/1/index.html", "http://old.example/fnapr/1/", None),
        (
            "websites/www.rusemb.org.uk/index.php?path=article&id=5",
            "http://www.rusemb.org.uk/index.php?path=article&id=5",
            None,
        ),
        # mirrors
        (
            "mirror/rusemb.org.uk/newarh/&start=0&ps=10&ppp=15",
            "http://rusemb.org.uk/newarh/&start=0&ps=10&ppp=15",
            None,
        ),
        ("www.rusemb.org.uk/fnapr/6840", "http://www.rusemb.org.uk/fnapr/6840", None),
        ("rusemb.org.uk/caf\udce9/%D0%B0", "http://rusemb.org.uk/caf%E9/%D0%B0", None),
    ],
)
def test_a_known_layout_gives_url_and_time(path: str, url: str | None, time: str | None) -> None:
    place = locate(path)
    assert place.url == url
    assert (place.recorded.at.isoformat() if place.recorded else None) == time


@pytest.mark.parametrize(
    "path",
    [
        "000_fce646e764c63825.txt",
        "raw/000_fce646e764c63825.txt",
        "dump.v2/page.html",
        "backup.tar/page.html",
        "my.captures/20191118/page.html",
        "20191118210325/page.html",
        "20191318210325/rusemb/page.html",
        "99991118210325/www/page.html",
        "www.rusemb.org.uk",
    ],
)
def test_other_names_prove_nothing(path: str) -> None:
    assert locate(path) == NOWHERE


def test_digits_that_are_no_time_are_a_folder_of_the_site() -> None:
    place = locate("www.rusemb.org.uk/20191399999999/a")
    assert (place.url, place.recorded) == ("http://www.rusemb.org.uk/20191399999999/a", None)

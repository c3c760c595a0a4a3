"""The pages served beside Dagster: the report where there is one, the meaning of tables always, nothing else."""

import http.client
from pathlib import Path

from pipeline.commands.local_pages import serve_pages

HOST = "127.0.0.1"


def get(address: str, path: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
    finally:
        connection.close()


def test_before_the_first_build_tables_are_explained_and_the_report_is_said_to_be_missing(tmp_path: Path) -> None:
    with serve_pages(tmp_path / "report", HOST) as address:
        status, kind, page = get(address, "/tables.html")
        assert (status, kind) == (200, "text/html; charset=utf-8")
        assert '<section id="events"' in page
        assert get(address, "/static/report.css")[0] == 200
        status, _, page = get(address, "/index.html")
    assert status == 404
    assert "The first build makes it" in page


def test_a_report_made_meanwhile_is_served(tmp_path: Path) -> None:
    report = tmp_path / "report"
    with serve_pages(report, HOST) as address:
        (report / "static").mkdir(parents=True)
        (report / "index.html").write_text("<p>made</p>", encoding="utf-8")
        (report / "static" / "report.css").write_text("/* its own */", encoding="utf-8")
        assert get(address, "/index.html")[2] == "<p>made</p>"
        assert get(address, "/static/report.css")[2] == "/* its own */"


def test_nothing_outside_the_report_is_served_and_no_folder_is_listed(tmp_path: Path) -> None:
    (tmp_path / "report" / "data").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with serve_pages(tmp_path / "report", HOST) as address:
        for path in (
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/static/../../secret.txt",
            "/static/../pages.py",
            "/data/",
        ):
            assert get(address, path)[0] == 404, path

"""Encodings: which witness is believed, and that a wrong label does not spoil a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.charset import decode_html

RUSSIAN = "Посольство России: «Консульские вопросы» – 28 октября 2016"
LONG = RUSSIAN + ". Посол ответил на вопросы российских и британских журналистов о положении дел. " * 8


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_wins_over_every_label(encoding: str) -> None:
    html = f'<meta charset="koi8-r">{RUSSIAN}'
    assert decode_html(html.encode(encoding), "text/html; charset=windows-1251") == html


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8", "iso-8859-5"])
def test_the_http_header_wins_over_meta(encoding: str) -> None:
    html = f'<meta charset="utf-16">{RUSSIAN}'.replace("«", "").replace("»", "").replace("–", "-")
    assert decode_html(html.encode(encoding), f"text/html; charset={encoding}") == html


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="windows-1251">',
        '<META http-equiv=Content-Type content="text/html; charset=windows-1251">',
        "<meta content='text/html;charset=Windows-1251' http-equiv='content-type'>",
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<meta charset="win-1251">',
    ],
)
def test_meta_is_believed_without_a_header(meta: str) -> None:
    html = meta + RUSSIAN
    assert decode_html(html.encode("cp1251"), "text/html") == html


@pytest.mark.parametrize("label", ["no-such-charset", "", "utf-7x", "hex", "base64", "None", "x" * 500])
def test_unknown_labels_are_passed_over(label: str) -> None:
    assert decode_html(RUSSIAN.encode(), f"text/html; charset={label}") == RUSSIAN


@pytest.mark.parametrize("label", ["utf-8", "us-ascii", "iso-8859-1"])
def test_a_page_in_utf8_is_read_as_such_where_its_bytes_show_it(label: str) -> None:
    page = "naïve – “quoted”"
    read = decode_html(page.encode(), f"text/html; charset={label}")
    assert read == page if label != "iso-8859-1" else "na" in read


def test_a_windows_1251_page_labelled_utf8_is_still_read() -> None:
    assert decode_html(LONG.encode("cp1251"), "text/html; charset=utf-8") == LONG


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-8"])
def test_without_any_label_the_bytes_decide(encoding: str) -> None:
    text = LONG.replace("«", "").replace("»", "").replace("–", "-")
    assert decode_html(text.encode(encoding)) == text


def test_latin1_means_windows_1252_as_in_browsers() -> None:
    assert decode_html(b"\x93quoted\x94 \x96 it\x92s", "text/html; charset=ISO-8859-1") == "“quoted” – it’s"


def test_a_cut_last_character_does_not_change_the_encoding() -> None:
    assert decode_html(LONG.encode()[:-1]) == LONG[:-1] + (
        "" if LONG[-1] == " " and len(LONG[-1].encode()) == 1 else "\ufffd"
    )
    assert decode_html(RUSSIAN.encode() + "ж".encode()[:1]) == RUSSIAN + "\ufffd"


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode_html(body, content_type), str)


@given(st.text(max_size=100).filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_is_read_exactly(text: str) -> None:
    assert decode_html(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()) == text.encode(
        "utf-8", "surrogatepass"
    ).decode("utf-8", "replace")

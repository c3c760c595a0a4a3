"""The page that explains every table says what the schemas say, of every table, column, value and rule."""

from html import unescape

import pytest

from pipeline.report.pages import dictionary_page
from schemas.registry import TABLES
from schemas.rules import table_rules


@pytest.fixture(scope="module")
def page() -> str:
    return unescape(dictionary_page())


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_explained_whole(page: str, name: str) -> None:
    table = TABLES[name]
    begin = page.index(f'<section id="{name}"')
    section = page[begin : page.index("</section>", begin)]
    assert table.description in section
    for column in table.columns:
        assert f"<code>{column.name}</code>" in section
        assert column.description in section
        for value, meaning in column.values.items():
            assert f"<code>{value}</code>" in section
            assert meaning in section
    for rule in table_rules(name):
        assert f"<code>{rule.name}</code>" in section
        assert rule.description in section
    for key in table.foreign_keys:
        assert f'href="#{key.table}"' in section

"""Which columns hold words of others is said in one place and told to whoever reads the licence."""

from pipeline.publish.release.editions import WORDS_OF_OTHERS, holds_words_of_others
from schemas.registry import TABLES
from tests.worlds import ROOT


def test_the_licence_names_every_column_with_words_of_others() -> None:
    licence = (ROOT / "LICENSE-DATA.md").read_text(encoding="utf-8")
    texts = licence[licence.index("## The texts") : licence.index("## The code")]
    named = {column.name for table in TABLES.values() for column in table.columns if holds_words_of_others(column)}
    assert [name for name in sorted(named - {"row"}) if f"`{name}`" not in texts] == []
    assert "`quarantine.row`" in texts


def test_every_name_on_the_list_is_a_column() -> None:
    columns = {column.name for table in TABLES.values() for column in table.columns}
    assert columns >= WORDS_OF_OTHERS

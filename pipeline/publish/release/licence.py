"""`LICENSE.md` of a release: the two layers of rights, with the columns that hold words of others, off the schemas."""

from pipeline.publish.release.editions import holds_words_of_others, tables_of
from pipeline.publish.release.facts import Facts


def licence_text(facts: Facts) -> str:
    """The licence as Markdown."""
    held = [
        f"- `{table.name}`: {', '.join(f'`{name}`' for name in names)}"
        for table in tables_of(facts.edition.name).values()
        if (names := [column.name for column in table.columns if holds_words_of_others(column)])
    ]
    lines = [
        "# Licence",
        "",
        f"{facts.title}, version {facts.version}. {facts.edition.sentence}",
        "",
        f"## The compilation: {facts.profile.licence_data}",
        "",
        "Structure, ids, links, decisions and every derived column are licensed under",
        f"[{facts.licence_title}]({facts.licence_url}), database rights included.",
        "",
        "## The texts: their publishers'",
        "",
        facts.profile.rights_texts,
        "",
        "Columns that hold words of others, where a table has any:",
        "",
        *held,
        "",
        "## The archives",
        "",
        facts.profile.archive_terms,
    ]
    return "\n".join(lines) + "\n"

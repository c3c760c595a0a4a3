"""The rules over whole tables, by name: keys and references of every table, and what the tables promise each other.

Only stated here; `pipeline.check.set_rules` computes them. The one decision made here: rules that hold of every table
(keys, order, references, NFC) are derived from the model, so that a new table has them from its first day.
"""

from functools import cache

from schemas.registry import TABLES
from schemas.table import Rule, Severity

KEY_UNIQUE = "key_unique"
SORTED_BY_KEY = "sorted_by_key"
TEXT_IS_NFC = "text_is_nfc"


def _rule(name: str, description: str, *also_reads: str, severity: Severity = "error") -> Rule:
    table, _, rule = name.partition(".")
    return Rule(table, rule, description, severity, also_reads=also_reads)


_SPAN = "first_captured_at and last_captured_at are the oldest and newest captured_at of the captures that show it."

AGREEMENTS: tuple[Rule, ...] = (
    _rule("articles.captures_counted", "n_captures is the number of its article_observations.", "article_observations"),
    _rule("articles.versions_counted", "n_versions is the number of its article_versions.", "article_versions"),
    _rule("articles.shows_a_version", "title and body are those of one of its article_versions.", "article_versions"),
    _rule("articles.capture_span_agrees", _SPAN, "article_observations", "captures"),
    _rule(
        "articles.link_agrees", "Its one row of event_article_links names its event.", "event_article_links", "events"
    ),
    _rule("articles.event_has_article", "Its event names an article.", "events"),
    _rule("events.observations_counted", "n_observations is the number of its rows.", "teaser_observations"),
    _rule("events.forms_counted", "n_forms is the number of its event_forms.", "event_forms"),
    _rule(
        "events.captures_counted",
        "n_captures is the number of captures that show a teaser of it or its article.",
        "teaser_observations",
        "articles",
        "article_observations",
    ),
    _rule("events.capture_span_agrees", _SPAN, "teaser_observations", "articles", "article_observations", "captures"),
    _rule("events.article_belongs_to_event", "Its article names it as its event.", "articles"),
    _rule(
        "events.first_speaker_agrees", "speaker and speaker_role are position 0 of event_speakers.", "event_speakers"
    ),
    _rule("events.countries_agree", "countries is its event_countries, joined by spaces.", "event_countries"),
    _rule(
        "events.title_date_not_after_publication",
        "The date in the title is not after published_on, unless it was announced.",
        severity="warning",
    ),
    _rule("event_speakers.positions_without_gap", "The positions of an event are 0, 1, 2 …"),
    _rule("counter_observations.observed_on_page_date", "observed_on is the page_date of its capture.", "captures"),
    _rule(
        "counter_observations.consistency_agrees",
        "is_consistent says whether start_on is the counter's, wherever start_on is known.",
        "counters",
    ),
    _rule("captures.has_raw_record", "At least one raw record leads to it.", "raw_records"),
    _rule(
        "captures.teasers_counted",
        "n_teasers is the number of its teaser_observations and of its quarantined teasers.",
        "teaser_observations",
        "quarantine",
    ),
    _rule(
        "captures.counters_counted",
        "n_counters is the number of its counter_observations and of its quarantined counters.",
        "counter_observations",
        "quarantine",
    ),
    _rule(
        "captures.unplaced_lines_counted",
        "n_unplaced_lines is the number of its unplaced_lines and of those quarantined.",
        "unplaced_lines",
        "quarantine",
    ),
    _rule("teaser_observations.event_agrees_with_form", "Its event is that of its form.", "event_forms", "events"),
    _rule("teaser_observations.event_once_per_capture", "An event stands in a capture once, repeats apart."),
    _rule(
        "teaser_observations.published_by_page_date",
        "The date it prints is at most the day after its capture's page_date.",
        "event_forms",
        "captures",
    ),
    _rule("event_forms.wordings_distinct", "No two forms share published_on, title and teaser, nulls being equal."),
    _rule("event_forms.observations_counted", "n_observations is the number of its rows.", "teaser_observations"),
    _rule(
        "event_forms.capture_span_agrees",
        f"Where it was observed: {_SPAN}",
        "teaser_observations",
        "captures",
    ),
    _rule(
        "event_article_links.teaserless_event_is_article_only",
        "The link of an event known from its article only has the method article_only.",
        "events",
    ),
    _rule(
        "article_observations.published_by_page_date",
        "The date it prints is at most the day after its capture's page_date.",
        "captures",
    ),
    _rule(
        "article_observations.version_of_same_article",
        "Its version is one of its article.",
        "article_versions",
        "articles",
    ),
    _rule("article_versions.numbered_from_one", "The versions of an article are 1, 2, 3 …"),
    _rule("article_versions.ordered_by_first_capture", "No version was captured before one with a smaller number."),
    _rule("article_versions.captures_counted", "n_captures is the number of its observations.", "article_observations"),
    _rule("article_versions.capture_span_agrees", _SPAN, "article_observations", "captures"),
    _rule("statements.version_of_same_article", "Its version is one of its article.", "article_versions", "articles"),
    _rule("statements.text_of_article_body", "Its version's body is its article's.", "article_versions", "articles"),
    _rule("statements.positions_without_gap", "The positions of an article are 0, 1, 2 …"),
    _rule("counters.observations_counted", "n_observations is the number of its rows.", "counter_observations"),
    _rule("counters.inconsistent_counted", "n_inconsistent counts those not consistent.", "counter_observations"),
    _rule(
        "counters.observed_span_agrees",
        "first_observed_on and last_observed_on are the smallest and largest observed_on.",
        "counter_observations",
    ),
    _rule("coverage.intervals_disjoint", "An interval does not start before the section's earlier ones end."),
    _rule("raw_records.capture_made_once", "At most one raw record has the status capture for a capture."),
    _rule("quarantine.numbered_from_zero", "The numbers are 0, 1, 2 …"),
    _rule("quarantine.capture_known", "Its capture is in captures, or was quarantined as a whole itself.", "captures"),
    _rule("id_redirects.old_id_is_gone", "The old id stands in no table.", "articles", "events", "article_versions"),
    _rule("id_redirects.new_id_resolves", "The new id stands in its table.", "articles", "events", "article_versions"),
)
"""What the tables promise each other: data-model.md, rules a reader may rely on, and each count of other rows."""


@cache
def set_rules(name: str) -> tuple[Rule, ...]:
    """The set rules of a published table: key, order, references, NFC, then its agreements with other tables."""
    table = TABLES[name]
    key = ", ".join(table.key)
    rules = [
        Rule(name, KEY_UNIQUE, f"No two rows share {key}."),
        Rule(name, SORTED_BY_KEY, f"The rows are sorted by {key}."),
    ]
    if any(column.is_text for column in table.columns):
        rules.append(Rule(name, TEXT_IS_NFC, "Words off a page are in Unicode's normal form C."))
    for reference in table.foreign_keys:
        sentence = f"{reference.column} is a {reference.target} of {reference.table}, or null."
        if not reference.nullable:
            sentence = f"{reference.column} is a {reference.target} of {reference.table}."
        rules.append(Rule(name, reference.rule, sentence, column=reference.column, also_reads=(reference.table,)))
    rules.extend(rule for rule in AGREEMENTS if rule.table == name)
    return tuple(rules)


def table_rules(name: str) -> tuple[Rule, ...]:
    """All rules of a published table: row rules first, then set rules."""
    return TABLES[name].row_rules + set_rules(name)

"""Names for things: hashes of what was read, and which published id a cluster keeps.

The decision made here: an id belongs to the form it was made from (its seed) and is never handed to anything else.
An id that was given up (`merged`, `withdrawn`) comes back only when its own seed form stands alone again.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

import polars as pl

EVENT: Final = "e"
ARTICLE: Final = "a"
VERSION: Final = "v"
EVENT_FORM: Final = "f"
ARTICLE_FORM: Final = "g"
CAPTURE: Final = "c"

REDIRECTS: Final = {"old_id": pl.String, "new_id": pl.String, "reason": pl.String, "since_release": pl.String}
"""Columns of `id_redirects`."""
REGISTER: Final[dict[str, type[pl.DataType]]] = {
    "form_id": pl.String,
    "id": pl.String,
    "is_seed": pl.Boolean,
    "since_release": pl.String,
}
"""Columns of a register: which id the previous release gave a form."""
MEMBERS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "form_id": pl.String,
    "cluster_id": pl.String,
    "first_captured_at": pl.Datetime("us", "UTC"),
}
"""Columns of the clusters that `assign_ids` names."""

_Age: TypeAlias = tuple[tuple[int, tuple[int, ...], str], bool, datetime, str]
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def hash_id(prefix: str, key: str) -> str:
    """The prefix and 16 hex digits of sha256 over the key in UTF-8."""
    return prefix + hashlib.sha256(key.encode()).hexdigest()[:16]


def hash_parts(prefix: str, parts: Iterable[str | None]) -> str:
    """`hash_id` over the parts as a compact JSON list, so that no two lists of parts give one key."""
    return hash_id(prefix, json.dumps(list(parts), ensure_ascii=False, separators=(",", ":")))


def capture_id(text_sha256: str, instant: str) -> str:
    """Id of a capture: digest of its lines, and its instant to the minute ('' when unknown)."""
    return hash_id(CAPTURE, f"{text_sha256}\n{instant}")


def event_form_id(published_on: date | None, title: str | None, teaser: str | None) -> str:
    """Id of a teaser's wording."""
    return hash_parts(EVENT_FORM, [_iso(published_on), title, teaser])


def article_form_id(urlkey: str | None, title: str | None, published_on: date | None, text_key: str) -> str:
    """Id of an article's form: its address, its title and date as printed, and the key of its text.

    The text stands in the key because neither address nor title tells two undated "Statement" items apart.
    """
    return hash_parts(ARTICLE_FORM, [urlkey, title, _iso(published_on), text_key])


def text_key(normal_title: str | None, normal_body: str) -> str:
    """Key of a text by its words alone (see `words.normal_texts`): other quotes and blanks give the same key."""
    digest = hashlib.sha256()
    digest.update(b"\0" if normal_title is None else normal_title.encode())
    digest.update(b"\n")
    digest.update(normal_body.encode())
    return digest.hexdigest()


def seeded_id(prefix: str, form_id: str, attempt: int = 0) -> str:
    """The id a form gives to what it seeds; later attempts only where the first is taken by something else."""
    return hash_id(prefix, form_id if attempt == 0 else f"{form_id}\n{attempt}")


def release_order(version: str | None) -> tuple[int, tuple[int, ...], str]:
    """A sort key for releases: 1.10.0 after 1.9.0, 2.0.0-rc1 before 2.0.0, what is not released yet after all."""
    if version is None:
        return 2, (), ""
    core, _, suffix = version.partition("-")
    numbers = tuple(int(part) for part in re.findall(r"\d+", core))
    if not numbers:
        return 1, (), version
    later = tuple(int(part) for part in re.findall(r"\d+", suffix))
    return 0, (*numbers, *(0,) * (6 - len(numbers)), 0 if suffix else 1, *later), version


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which id each form and cluster has, and what became of the ids that were given up."""

    members: pl.DataFrame
    """form_id, cluster_id, id, is_seed, since_release; one row per form, one seed per id."""
    clusters: pl.DataFrame
    """cluster_id, id; one row per cluster."""
    redirects: pl.DataFrame
    """The rows of `id_redirects` for this prefix, those of earlier releases included."""


def empty_register() -> pl.DataFrame:
    """The register of a first release."""
    return pl.DataFrame(schema=REGISTER)


def empty_redirects() -> pl.DataFrame:
    """No redirects."""
    return pl.DataFrame(schema=REDIRECTS)


def event_register(event_forms: pl.DataFrame, article_forms: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The previous release's register of events: by teaser wording, and by the forms of the event's article.

    Through the article's forms an event that was first known from its article keeps its id when a teaser turns up.

    Args:
        event_forms: the published table (form_id, event_id, is_seed, since_release used).
        article_forms: the published table (form_id, article_id, since_release used).
        links: the published `event_article_links` (article_id, event_id used).
    """
    by_article = (
        article_forms.join(links.select("article_id", "event_id"), on="article_id")
        .filter(pl.col("event_id").is_not_null())
        .select("form_id", id="event_id", is_seed=pl.lit(value=False), since_release="since_release")
    )
    by_teaser = event_forms.select("form_id", id="event_id", is_seed="is_seed", since_release="since_release")
    return pl.concat([by_teaser, by_article])


def article_register(article_forms: pl.DataFrame) -> pl.DataFrame:
    """The previous release's register of articles."""
    return article_forms.select("form_id", id="article_id", is_seed="is_seed", since_release="since_release")


def assign_ids(
    members: pl.DataFrame, register: pl.DataFrame, redirects: pl.DataFrame, *, prefix: str, release: str | None
) -> Assigned:
    """Give every cluster its id (data-model.md, "Ids").

    A cluster takes the oldest id that the register gave any of its forms. A form's id follows its seed: where a cluster
    was split, the part with the seed keeps it (without the seed, the part with the earliest form). Ids that lose in a
    merge redirect to the winner; ids that no form of the input leads to redirect to null. A cluster without a
    registered form takes back the id that one of its forms once seeded, else a new one from its earliest form.

    Args:
        members: form_id, cluster_id, first_captured_at (nullable); each form in one cluster, any order.
        register: `REGISTER` of the previous release; empty for the first.
        redirects: `id_redirects` of the previous release; rows of other prefixes are left alone.
        prefix: `EVENT` or `ARTICLE`.
        release: the release being built, null where none is: since_release of new forms and redirects.
    """
    forms = _Forms.read(members)
    known = {form: (name, seed, since) for form, name, seed, since in register.select(REGISTER.keys()).iter_rows()}
    given_up = {
        old: (new, since)
        for old, new, _, since in redirects.select(REDIRECTS.keys()).iter_rows()
        if old.startswith(prefix)
    }
    claims: dict[str, list[str]] = {}
    for form in forms.in_order:
        if form in known:
            claims.setdefault(known[form][0], []).append(form)
    seeds = _published_seeds(prefix, known)
    ages = _ages(known, claims, forms)
    won: dict[str, list[str]] = {}
    for name, claimed in claims.items():
        seed = seeds.get(name)
        holder = seed if seed is not None and seed in forms.cluster_of else claimed[0]
        won.setdefault(forms.cluster_of[holder], []).append(name)
    names = {cluster: min(ids, key=ages.__getitem__) for cluster, ids in won.items()}
    taken = set(names.values()) | {name for name, _, _ in known.values()}
    for cluster, cluster_forms in forms.of_cluster.items():
        if cluster not in names:
            names[cluster] = _first_name(prefix, cluster_forms, given_up, taken)
            taken.add(names[cluster])
    return Assigned(
        members=_named_members(forms, names, known, seeds, prefix, release),
        clusters=pl.DataFrame(sorted(names.items()), schema={"cluster_id": pl.String, "id": pl.String}, orient="row"),
        redirects=_redirects(forms, names, known, won, given_up, prefix, release),
    )


@dataclass(frozen=True, slots=True)
class _Forms:
    in_order: tuple[str, ...]
    """By first capture, then form id: the first of a cluster seeds a new id."""
    cluster_of: Mapping[str, str]
    of_cluster: Mapping[str, list[str]]
    first_at: Mapping[str, datetime | None]

    @classmethod
    def read(cls, members: pl.DataFrame) -> "_Forms":
        ordered = members.select(MEMBERS.keys()).sort("first_captured_at", "form_id", nulls_last=True)
        cluster_of: dict[str, str] = {}
        of_cluster: dict[str, list[str]] = {}
        first_at: dict[str, datetime | None] = {}
        for form, cluster, at in ordered.iter_rows():
            if form in cluster_of:
                msg = f"form {form} stands in two clusters"
                raise ValueError(msg)
            cluster_of[form] = cluster
            of_cluster.setdefault(cluster, []).append(form)
            first_at[form] = at
        return cls(tuple(cluster_of), cluster_of, of_cluster, first_at)


def _published_seeds(prefix: str, known: Mapping[str, tuple[str, bool, str | None]]) -> dict[str, str]:
    """The seed form of each registered id: the form it was hashed from, else the one marked as seed."""
    made: dict[str, str] = {}
    marked: dict[str, str] = {}
    for form, (name, is_seed, _) in sorted(known.items()):
        if seeded_id(prefix, form) == name:
            made[name] = form
        elif is_seed:
            marked.setdefault(name, form)
    return marked | made


def _ages(
    known: Mapping[str, tuple[str, bool, str | None]], claims: Mapping[str, list[str]], forms: _Forms
) -> dict[str, _Age]:
    """How old each claimed id is: first release of any of its forms, first capture, then the id itself."""
    since: dict[str, str | None] = {}
    for name, _, release in known.values():
        if name not in since or release_order(release) < release_order(since[name]):
            since[name] = release
    ages: dict[str, _Age] = {}
    for name, claimed in claims.items():
        first = forms.first_at[claimed[0]]
        ages[name] = (release_order(since[name]), first is None, first or _NEVER, name)
    return ages


def _first_name(
    prefix: str, cluster_forms: list[str], given_up: Mapping[str, tuple[str | None, str | None]], taken: set[str]
) -> str:
    seeded = (seeded_id(prefix, form) for form in cluster_forms) if given_up else ()
    returning = [(release_order(given_up[name][1]), name) for name in seeded if name in given_up and name not in taken]
    if returning:
        return min(returning)[1]
    attempt = 0
    while (name := seeded_id(prefix, cluster_forms[0], attempt)) in taken or name in given_up:
        attempt += 1
    return name


def _named_members(
    forms: _Forms,
    names: Mapping[str, str],
    known: Mapping[str, tuple[str, bool, str | None]],
    seeds: Mapping[str, str],
    prefix: str,
    release: str | None,
) -> pl.DataFrame:
    seed_of: dict[str, str] = {}
    for cluster, cluster_forms in forms.of_cluster.items():
        name = names[cluster]
        own = next((form for form in cluster_forms if seeded_id(prefix, form) == name), None)
        kept = seeds.get(name)
        seed_of[name] = own or (kept if kept in cluster_forms else None) or cluster_forms[0]
    rows = [
        (form, cluster, names[cluster], form == seed_of[names[cluster]], known[form][2] if form in known else release)
        for form, cluster in sorted(forms.cluster_of.items())
    ]
    schema = {"form_id": pl.String, "cluster_id": pl.String, "id": pl.String}
    return pl.DataFrame(rows, schema=schema | {"is_seed": pl.Boolean, "since_release": pl.String}, orient="row")


def _redirects(
    forms: _Forms,
    names: Mapping[str, str],
    known: Mapping[str, tuple[str, bool, str | None]],
    won: Mapping[str, list[str]],
    given_up: Mapping[str, tuple[str | None, str | None]],
    prefix: str,
    release: str | None,
) -> pl.DataFrame:
    live = set(names.values())
    targets: dict[str, tuple[str | None, str | None]] = {
        old: entry for old, entry in given_up.items() if old not in live
    }
    for cluster, ids in won.items():
        targets |= {name: (names[cluster], release) for name in ids if name != names[cluster]}
    for name, _, _ in known.values():
        if name not in live and name not in targets:
            targets[name] = (None, release)
    has_withdrawn = any(new is None for new, _ in targets.values())
    for form, cluster in forms.cluster_of.items() if has_withdrawn else ():
        # an id that pointed to nothing finds its seed form again, inside something that has an older id
        name = seeded_id(prefix, form)
        if name in targets and targets[name][0] is None:
            targets[name] = (names[cluster], release)
    leading = {source: target for source, (target, _) in targets.items()}
    rows = []
    for old, (_, since) in sorted(targets.items()):
        new = resolve_id(old, leading)
        rows.append((old, new, "withdrawn" if new is None else "merged", since))
    return pl.DataFrame(rows, schema=REDIRECTS, orient="row")


def resolve_id(name: str, targets: Mapping[str, str | None]) -> str | None:
    """Follow redirects to the id that is live now; null where they end in a withdrawal.

    Raises:
        ValueError: if the redirects go in a circle.
    """
    seen = {name}
    current: str | None = name
    while current is not None and current in targets:
        current = targets[current]
        if current in seen:
            msg = f"redirects of {name} go in a circle"
            raise ValueError(msg)
        if current is not None:
            seen.add(current)
    return current


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

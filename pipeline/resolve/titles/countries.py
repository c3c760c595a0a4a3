"""The states a title names, as ISO 3166-1 alpha-3 codes.

Names come from pycountry (name, common and official name) and from the short list of names in use below. The one
decision made here: a state's name counts wherever it stands as a word of its own ("UK’s Chief", "Russia-EU", "the
Times of India"), while adjectives, cities, continents and places that merely hold a state's name (`NOT_STATES`) do
not. States are the members and the two observer states of the United Nations; other entries of the standard (Hong
Kong, Greenland) are territories.
"""

import functools
import re
from collections.abc import Iterable
from itertools import groupby

from pipeline.resolve.titles.names import GIVEN_NAMES

NAMES_IN_USE = {
    "USA": "USA", "US": "USA", "U.S.": "USA", "U.S.A.": "USA", "UK": "GBR", "U.K.": "GBR",
    "Great Britain": "GBR", "Britain": "GBR", "Russia": "RUS", "Turkey": "TUR", "Republic of Turkey": "TUR",
    "Turkiye": "TUR", "DPRK": "PRK", "Republic of Korea": "KOR", "PRC": "CHN", "UAE": "ARE", "KSA": "SAU",
    "DRC": "COD", "DR Congo": "COD", "Democratic Republic of the Congo": "COD",
    "Democratic Republic of Congo": "COD", "Republic of Congo": "COG", "Ivory Coast": "CIV",
    "Cote d'Ivoire": "CIV", "Cape Verde": "CPV", "Macedonia": "MKD", "Swaziland": "SWZ", "Burma": "MMR",
    "East Timor": "TLS", "Brunei": "BRN", "Micronesia": "FSM", "Palestine": "PSE", "Vatican": "VAT",
    "Holy See": "VAT", "Bosnia & Herzegovina": "BIH", "BiH": "BIH", "Kyrgyz Republic": "KGZ",
    "Kirghizia": "KGZ", "Slovak Republic": "SVK", "Byelorussia": "BLR", "Moldavia": "MDA", "The Gambia": "GMB",
    "Sao Tome": "STP", "Saint Vincent": "VCT", "St Lucia": "LCA", "Antigua": "ATG", "Trinidad": "TTO",
    "St Vincent and the Grenadines": "VCT", "St Kitts and Nevis": "KNA", "Lao PDR": "LAO",
    "Socialist Republic of Vietnam": "VNM", "Islamic Republic of Iran": "IRN", "Ireland": "IRL",
    "Republic of Ireland": "IRL", "People's Republic of China": "CHN", "Kingdom of the Netherlands": "NLD",
}  # fmt: skip
"""Names that papers print and the standard does not."""

NOT_STATES = (
    "Northern Ireland", "New Guinea", "Gulf of Guinea", "New Mexico", "Gulf of Mexico", "Mexico City",
    "Guatemala City", "Panama City", "Kuwait City", "Lake Chad", "Niger Delta", "Niger River", "River Niger",
    "Jordan River", "River Jordan", "Jordan Valley", "South Georgia", "South China Sea", "East China Sea",
    "Sea of Japan", "Indo-China", "American Samoa", "Republic of China", "Atlanta, Georgia", "Georgia, USA",
    "Battle of Britain", "New Britain", "Little Britain", "New Brunswick", "New Jersey", "Georgia Guidestones",
    "Republic of Crimea", "Congo", "Guinea pig", "Guinea pigs",
)  # fmt: skip
"""Names that hold a state's name and name something else, or ("Congo") more than one state."""

ALSO_PERSONS = ("Chad", "Georgia", "Israel", "Jordan", "Kenya")
"""States whose name people bear: beside a capitalised word they are meant only next to an office or the like."""

TERRITORIES = frozenset(
    {
        "AW", "AI", "AX", "AS", "AQ", "TF", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "EH", "FK",
        "FO", "GF", "GG", "GI", "GL", "GP", "GS", "GU", "HK", "HM", "IM", "IO", "JE", "KY", "MF", "MO",
        "MP", "MQ", "MS", "NC", "NF", "NU", "PF", "PM", "PN", "PR", "RE", "SH", "SJ", "SX", "TC", "TK",
        "TW", "UM", "VG", "VI", "WF", "YT",
    }
)  # fmt: skip
"""Entries of ISO 3166-1 (alpha-2) that are neither members nor observer states of the United Nations."""

_OFFICE = r"(?:Foreign|Prime|Deputy|President|King|Minister|Ambassador|Defen[cs]e|Parliament)\b"
_STATE_BEFORE = re.compile(
    r"\b(?:President|King|Queen|Minister|Affairs|Ambassador|Embassy|Government|Parliament|Speaker|Secretary|Representative"
    r"|[Pp]eople|[Cc]itizens) of (?:the )?$"
)
_FOLLOWED_BY_NAME = re.compile(rf" (?!{_OFFICE})[A-Z][a-z]")


def read_countries(text: str) -> tuple[str, ...]:
    """Codes of the states that a plain title names, sorted and distinct; () when it names none."""
    pattern, codes = _gazetteer()
    shouted = text.isupper()
    found = set()
    for match in pattern.finditer(text):
        code = codes.get(match[0])
        if code is None or (shouted and match[0] == "US"):
            continue
        if match[0] in ALSO_PERSONS and _is_person(text, match.start(), match.end()):
            continue
        found.add(code)
    return tuple(sorted(found))


def is_country(text: str) -> bool:
    """True where a plain text is a state's name and nothing else."""
    return _gazetteer()[1].get(text) is not None


def starts_with_country(text: str, start: int) -> int | None:
    """Where the state's name that stands at `start` ends, None where none stands there."""
    pattern, codes = _gazetteer()
    match = pattern.match(text, start)
    return match.end() if match and codes.get(match[0]) else None


def _is_person(text: str, start: int, end: int) -> bool:
    before = text[:start]
    if _STATE_BEFORE.search(before):
        return False
    if before.rstrip().rpartition(" ")[2].casefold() in GIVEN_NAMES:
        return True
    return _FOLLOWED_BY_NAME.match(text, end) is not None


@functools.cache
def _gazetteer() -> tuple[re.Pattern[str], dict[str, str | None]]:
    """The pattern over all names, longest first, and the code of each; None for what is no state."""
    import pycountry

    codes: dict[str, str | None] = {}
    for country in pycountry.countries:
        if country.alpha_2 in TERRITORIES:
            continue
        for field in ("name", "common_name", "official_name"):
            name = getattr(country, field, None)
            if name:
                codes.update(dict.fromkeys(_spellings(name), country.alpha_3))
    codes.update(NAMES_IN_USE)
    codes.update({name.upper(): code for name, code in codes.items() if len(name) > 3})
    codes.update(dict.fromkeys(NOT_STATES))
    codes.update(dict.fromkeys(name.upper() for name in NOT_STATES))
    return re.compile(rf"(?<!\w)(?:{_by_first_letter(codes)})(?!\w)"), codes


def _by_first_letter(names: Iterable[str]) -> str:
    """Alternatives for all names, longest first under each first letter: fewer to try at each spot than one list."""
    longest_first = sorted(names, key=lambda name: (name[0], -len(name), name))
    groups = groupby(longest_first, key=lambda name: name[0])
    return "|".join(f"{first}(?:{'|'.join(re.escape(name[1:]) for name in group)})" for first, group in groups)


def _spellings(name: str) -> set[str]:
    """A name of the standard as in running text: "Iran, Islamic Republic of" is "Islamic Republic of Iran"."""
    name = name.partition(" (")[0].removeprefix("the ").replace("’", "'")
    head, _, tail = name.partition(", ")
    turned = {f"{tail} {head}"} if tail.endswith((" of", " of the")) else {name}
    if tail and head not in {"Korea", "Congo"}:
        turned.add(head)
    return turned | {spelling.replace("Saint ", "St ") for spelling in turned}

"""Countries are states named by name: never by an adjective, a city, a person or another place."""

import pycountry
import pytest

from pipeline.resolve.titles import read_title
from pipeline.resolve.titles.countries import NAMES_IN_USE, TERRITORIES, is_country


@pytest.mark.parametrize(
    ("title", "countries"),
    [
        ("Talks with the Foreign Minister of the Republic of Burundi", "BDI"),
        ("Talks with the Kingdom of Bahrain and the Islamic Republic of Iran", "BHR IRN"),
        ("The UK’s Chief of Staff and the USA", "GBR USA"),
        ("Russia-EU and Russia–Norway relations", "NOR RUS"),
        ("The United Kingdom of Great Britain and Northern Ireland", "GBR"),
        ("Great Britain, the DPRK, Turkey, Syria and Moldova", "GBR MDA PRK SYR TUR"),
        ("South Korea, North Korea and the Czech Republic", "CZE KOR PRK"),
        ("Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea", "GIN GNB GNQ PNG"),
        ("Niger and Nigeria, Sudan and South Sudan", "NER NGA SDN SSD"),
        ("The Democratic Republic of the Congo and the Republic of the Congo", "COD COG"),
        ("Dominica and the Dominican Republic", "DMA DOM"),
        ("President of Jordan Abdullah II and Jordan Foreign Minister", "JOR"),
        ("Interview with the Times of India newspaper", "IND"),
        ("RUSSIA AND NORWAY: A COMMON PAST", "NOR RUS"),
        ("Côte d’Ivoire", "CIV"),
    ],
)
def test_states_named_by_name_count(title: str, countries: str) -> None:
    assert " ".join(read_title(title, None).countries or ()) == countries


@pytest.mark.parametrize(
    "title",
    [
        "Russian, British and Bulgarian students in Moscow, London and Sofia",
        "A visit to Northern Ireland, New Guinea and New Mexico",
        "Jordan Henderson and Michael Jordan at the Embassy",
        "Chad Smith’s drums, Georgia Ellis’s voice",
        "Peaches from Atlanta, Georgia",
        "JOIN US FOR TEA",
        "Fine china and a roast turkey",
        "The Congo river; the Korean peninsula; the Gulf of Guinea",
        "Hong Kong, Greenland, Gibraltar and Europe",
        "Soviet Union, USSR",
        "Niue, Nigerian and Malian",
    ],
)
def test_adjectives_cities_persons_and_territories_do_not(title: str) -> None:
    assert read_title(title, None).countries == ()


def test_without_a_title_countries_are_unknown() -> None:
    assert read_title(None, None).countries is None
    assert read_title(" \u00a0 ", None).countries is None


def test_the_states_are_the_members_and_observers_of_the_united_nations() -> None:
    assert len(pycountry.countries) - len(TERRITORIES) == 193 + 2
    assert {country.alpha_2 for country in pycountry.countries} > TERRITORIES


def test_every_state_can_be_named_and_every_name_in_use_leads_to_a_state() -> None:
    states = [country for country in pycountry.countries if country.alpha_2 not in TERRITORIES]
    named = {
        code
        for country in states
        for name in (country.name, getattr(country, "common_name", country.name))
        for code in read_title(name.split(",")[0], None).countries or ()
    }
    unnamed = {country.alpha_3 for country in states} - named
    assert unnamed <= set(NAMES_IN_USE.values())
    assert all(is_country(name) for name in NAMES_IN_USE)
    assert set(NAMES_IN_USE.values()) <= {country.alpha_3 for country in states}

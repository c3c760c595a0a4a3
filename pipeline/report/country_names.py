"""Names of states by their ISO 3166-1 alpha-3 code, as pycountry gives them."""

from collections.abc import Iterable


def country_names(codes: Iterable[str]) -> dict[str, str]:
    """The name of each code that the standard knows, the one in common use where there is one."""
    import pycountry

    found = ((code, pycountry.countries.get(alpha_3=code)) for code in sorted(set(codes)))
    return {code: getattr(country, "common_name", country.name) for code, country in found if country is not None}

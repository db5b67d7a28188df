"""Countries a practice may be in: ISO 3166-1 codes with their English names. Pure."""

_WITH_ARTICLE = ("GB", "NL", "US")

COUNTRIES = {
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "GR": "Greece",
    "IE": "Ireland",
    "IL": "Israel",
    "IN": "India",
    "IT": "Italy",
    "LU": "Luxembourg",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SG": "Singapore",
    "TR": "Türkiye",
    "US": "United States",
    "ZA": "South Africa",
}


def in_a_sentence(code: str) -> str:
    """Name a country as it stands within a sentence: `the United States`."""
    name = COUNTRIES.get(code, code)
    return f"the {name}" if code in _WITH_ARTICLE else name

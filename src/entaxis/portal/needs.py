"""Icons of the widest needs; a need that is not listed gets a question mark."""

ICONS = {
    "food": "food",
    "health": "health",
    "money": "money",
    "home": "shelter",
    "safety": "safety",
    "family": "child",
    "ageing": "elderly",
    "disability": "disability",
    "work": "work",
    "papers": "documents",
    "support": "community",
}

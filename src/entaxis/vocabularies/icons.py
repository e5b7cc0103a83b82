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


def icon_of_need(key: str) -> str:
    """Name of the icon in the sprite of `core`."""
    return ICONS.get(key, "question")

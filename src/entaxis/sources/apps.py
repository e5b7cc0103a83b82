"""Administrative and statistical sources."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The room ``sources``."""

    name = "entaxis.sources"

    def ready(self) -> None:
        """Its tasks stand on the desk, and what it tells is declared."""
        from entaxis.sources import desk, kinds  # noqa: F401 - register themselves

"""Administrative and statistical sources."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The room ``sources``."""

    name = "entaxis.sources"

    def ready(self) -> None:
        """Its tasks stand on the desk."""
        from entaxis.sources import desk  # noqa: F401 - registers itself

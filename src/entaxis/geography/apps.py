"""Regions, units, municipalities, their outlines and people."""

from django.apps import AppConfig


class GeographyConfig(AppConfig):
    """The room ``geography``."""

    name = "entaxis.geography"

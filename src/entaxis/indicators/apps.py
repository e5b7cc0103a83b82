"""Indicators: their catalogue, figures and releases."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The room ``indicators``."""

    name = "entaxis.indicators"

"""The code lists: needs, services, kinds of structure, target groups."""

from django.apps import AppConfig


class VocabulariesConfig(AppConfig):
    """The room ``vocabularies``."""

    name = "entaxis.vocabularies"

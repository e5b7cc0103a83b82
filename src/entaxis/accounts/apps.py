"""People, bodies, who may do what."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room ``accounts``."""

    name = "entaxis.accounts"

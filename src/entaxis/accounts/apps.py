"""People, bodies, who may do what."""

from typing import Any

from allauth.socialaccount.providers import registry
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save, pre_save


class AccountsConfig(AppConfig):
    """The room ``accounts``."""

    name = "entaxis.accounts"

    def ready(self) -> None:
        """Groups follow memberships; demonstration people never come into production."""
        from entaxis.accounts import checks, own_desk  # noqa: F401 – register themselves
        from entaxis.accounts.gsis.providers import PROVIDERS
        from entaxis.accounts.models import Membership

        for provider in PROVIDERS:
            registry.register(provider)
        for signal in (post_save, post_delete):
            signal.connect(_membership_changed, sender=Membership)
        user_logged_in.connect(_signed_in)
        pre_save.connect(_forget_network, sender="usersessions.UserSession")


def _membership_changed(instance: Any, **kwargs: Any) -> None:
    from entaxis.accounts import groups, rules

    rules.forget(instance.user)
    groups.renew(instance.user)


def _signed_in(user: Any, **kwargs: Any) -> None:
    """A membership may have ended since: time sends no signal."""
    from entaxis.accounts import groups

    groups.renew(user)


def _forget_network(instance: Any, **kwargs: Any) -> None:
    """From where somebody signs in is kept nowhere; the list of sessions shows the browser and the time."""
    instance.ip = "0.0.0.0"  # noqa: S104 – an address of nobody; the column wants one

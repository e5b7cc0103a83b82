"""The ground floor: Greek text, tables, uploads, sealed schemas, health."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Renews the web role's rights after each migration."""

    name = "entaxis.core"

    def ready(self) -> None:
        """Tables may have come or gone: grants follow them."""
        post_migrate.connect(renew_grants, sender=self)


def renew_grants(**kwargs: Any) -> None:
    """Give the web's role its rights, see `core.grants`."""
    from entaxis.core import grants

    grants.renew(using=kwargs["using"])

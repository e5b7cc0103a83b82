"""Two regions with their first pages, as load-pages makes them; made once a module, rolled back after it.

Each test runs in a savepoint inside the module's transaction, so that none sees what another wrote.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import pytest_django
from django.db import transaction

from entaxis.geography.models import Area
from entaxis.portal import actions
from entaxis.portal.models import RegionBrand
from tests import factories

FEW = {"observatory", "about", "about/privacy"}


def _few(name: str) -> dict[str, Any]:
    content = READ(name)
    if name == "pages":
        content["page"] = [page for page in content["page"] if page["slug"] in FEW]
    return content


READ = actions.read


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        actions.load_help_lines()
        actions.load_region(region=factories.region(), host="thessaly.localhost", by=None)
        with patch.object(actions, "read", _few):
            other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
            actions.load_region(region=other, host="peloponnese.localhost", by=None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def thessaly(_loaded: None, db: None) -> Area:
    return Area.objects.regions().get(code="EL61")


@pytest.fixture
def peloponnese(_loaded: None, db: None) -> Area:
    return Area.objects.regions().get(code="EL65")


@pytest.fixture
def brand(thessaly: Area) -> RegionBrand:
    return RegionBrand.objects.get(region=thessaly)

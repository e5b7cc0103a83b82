import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from entaxis.geography.models import Area
from entaxis.notifications.choices import Scope
from entaxis.notifications.models import Message, Subscription
from tests.indicators.conftest import Publish, cells

pytestmark = pytest.mark.django_db


def follow(region: Area, address: str, **what: object) -> Subscription:
    return Subscription.objects.create(
        region=region, address=address, confirmed_at=timezone.now(), **({"scope": Scope.INDICATOR} | what)
    )


def test_a_release_is_told_once_to_who_follows_one_of_its_indicators(
    publish: Publish, region: Area
) -> None:
    follow(region, "both@example.gr", indicator="arop")
    follow(region, "both@example.gr", indicator="arope")
    follow(region, "all@example.gr", scope=Scope.ALL)
    follow(region, "other@example.gr", indicator="neet")
    publish(cells(region) + cells(region, code="arope"))
    told = sorted(Message.objects.values_list("address", flat=True))
    assert told == ["all@example.gr", "both@example.gr"]
    assert not mail.outbox


def test_the_page_leads_to_the_form_with_the_indicator_chosen(publish: Publish, region: Area) -> None:
    publish()
    reader = Client(headers={"host": "thessaly.localhost"})
    assert "follow=indicator:arop" in reader.get("/el/indicators/arop/").content.decode()
    form = reader.get("/el/subscribe/?follow=indicator:arop").content.decode()
    assert '<option value="indicator:arop" selected' in form
    reader.post("/el/subscribe/", {"follow": "indicator:arop", "address": "new@example.gr"})
    assert Subscription.objects.get(address="new@example.gr").indicator == "arop"
    reader.post("/el/subscribe/", {"follow": "indicator:nothing", "address": "odd@example.gr"})
    assert not Subscription.objects.filter(address="odd@example.gr").exists()

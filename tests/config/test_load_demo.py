"""The demonstration leaves something in every queue, marked, once."""

import pytest

from entaxis.accounts import demonstration as people
from entaxis.accounts.models import AccessRequest, Body, Evidence, User
from entaxis.config.management.commands import load_demo
from entaxis.core.review import State
from entaxis.directory import grants, proposals
from entaxis.directory.models import Claim, ErrorReport, Proposal, Resemblance
from entaxis.directory.network.models import Introduction, Letter
from entaxis.geography.models import Area
from entaxis.portal.models import NewsItem
from entaxis.portal.news import demonstration as publications
from entaxis.strategy.models import Action
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> Area:
    """Thessaly with the demonstration's people, entries of a municipality and of another body."""
    home = factories.municipality()
    people.create_people()
    town = factories.body(
        home.region,
        kind=Body.Kind.MUNICIPALITY,
        municipality=home,
        name_el="Δήμος Βόλου",
        is_synthetic=True,
    )
    for name in ("Κέντρο", "Παντοπωλείο", "Φαρμακείο"):
        factories.contact(factories.structure(body=town, name_el=f"{name} του δήμου", is_synthetic=True))
    factories.structure(is_synthetic=True, name_el="Δομή άλλου φορέα")
    kept = factories.structure(is_synthetic=True, name_el="Δομή του υπαλλήλου")
    clerk = User.objects.get(email=people.address("clerk", "EL61"))
    grants.give(user=clerk, structure=kept, by=None)
    factories.volunteer_request(
        Body.objects.get(name_el="Φορέας επίδειξης"), is_synthetic=True, needs_vetting=False
    )
    return home.region


def test_every_queue_holds_something_and_holds_it_once(loaded: Area) -> None:
    load_demo._waiting("EL61")
    load_demo._waiting("EL61")
    asked = AccessRequest.objects.get(state=AccessRequest.State.OPEN)
    assert Evidence.objects.get(request=asked).content[:4] == b"%PDF"
    assert Claim.objects.get(state=Claim.State.OPEN).paper.content[:4] == b"%PDF"
    assert ErrorReport.objects.get().state == ErrorReport.State.OPEN
    waiting = Proposal.objects.filter(state=State.SUBMITTED)
    changed = waiting.get(copy__isnull=False)
    assert proposals.lines(changed)
    twin = waiting.get(copy=None).structure
    assert twin.is_synthetic
    pairs = Resemblance.objects.filter(state=Resemblance.State.OPEN)
    assert twin.pk in {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    assert Introduction.objects.get().state == Introduction.State.OPEN
    assert Letter.objects.get().answered_at is None
    assert Action.objects.get(state=State.SUBMITTED).is_synthetic
    back = NewsItem.objects.get(state=State.ASKED_BACK)
    assert back.passings.first().reason
    assert back.body == Action.objects.get().body == Body.objects.get(name_el="Δήμος Βόλου")
    for row in (asked.text, twin.description_el, back.summary_el):
        assert "πίδειξη" in row


def test_production_refuses_what_waits(loaded: Area, settings) -> None:
    settings.MODE = "production"
    writer, editor = (User.objects.get(email=people.address(name, "EL61")) for name in ("writer", "editor"))
    with pytest.raises(RuntimeError):
        publications.wait(region=loaded, writer=writer, editor=editor)

"""The invented documents: marked, readable inside, told to those they concern, refused in production."""

import pytest
from django.test import Client

from entaxis.geography.models import Area
from entaxis.notifications.models import Message
from entaxis.portal.library import demonstration
from entaxis.portal.models import Study
from entaxis.vocabularies.models import Vocabulary
from tests import factories


def test_they_come_in_by_the_editors_doors_and_once(
    client: Client, thessaly: Area, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    group = factories.term("uninsured", inside=Vocabulary.Name.TARGET_GROUPS)
    concerned = factories.body_member(thessaly)
    kept = factories.structure(region=thessaly, body=concerned.memberships.get().body)
    factories.offer(kept).target_groups.set([group])
    by = factories.editor(thessaly)
    assert demonstration.publish(region=thessaly, by=by) == 3
    assert demonstration.publish(region=thessaly, by=by) == 0
    assert {message.user for message in Message.objects.all()} == {concerned}
    page = client.get("/el/documentation/library/", {"q": "κοινωνικά φαρμακεία"}).content.decode()
    assert "<mark>φαρμακεία</mark>" in page
    assert "tag--demonstration" in page
    versions = Study.objects.get(kind="strategy").files
    assert sorted(versions.values_list("number", "state")) == [(1, "read"), (2, "read")]
    for study in Study.objects.all():
        text = study.files.first().text_pages.get().text
        assert "ΕΠΙΔΕΙΞΗ" in text
        assert "επίδειξη" in study.title_el
        assert study.is_synthetic


def test_production_refuses_them(thessaly: Area, settings) -> None:
    settings.MODE = "production"
    with pytest.raises(RuntimeError):
        demonstration.publish(region=thessaly, by=factories.editor(thessaly))

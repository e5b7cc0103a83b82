"""Emblems and operations stand on the pages that belong to them (R7)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from entaxis.portal.models import PublicityOperation


# Wagtail leaves the temporary file of the rendition it could not make to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_operation_stands_on_its_own_pages_only_with_its_emblem(
    client: Client, brand, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    emblem = Image.objects.create(title="έμβλημα", file=get_test_image_file())
    PublicityOperation.objects.create(
        brand=brand,
        title_el="Πράξη τεκμηρίωσης",
        programme_el="Πρόγραμμα",
        first_year=2021,
        last_year=2027,
        emblem=emblem,
        paths="/documentation/\n",
    )
    page = client.get("/el/documentation/").content.decode()
    assert "Πράξη τεκμηρίωσης" in page
    assert 'alt="Πρόγραμμα 2021–2027"' in page
    assert "Πράξη τεκμηρίωσης" not in client.get("/el/").content.decode()
    (tmp_path / emblem.file.name).unlink()
    emblem.renditions.all().delete()
    assert "Πράξη τεκμηρίωσης" in client.get("/el/documentation/").content.decode()


@pytest.mark.parametrize("wrong", [{"mis_code": "12"}, {"first_year": 2027, "last_year": 2021}])
def test_codes_and_years_that_cannot_be_are_refused(brand, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicityOperation.objects.create(brand=brand, title_el="Πράξη", programme_el="Π", **wrong)

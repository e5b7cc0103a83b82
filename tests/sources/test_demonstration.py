"""The demonstration's files come in by the importer, and say what they are."""

import polars as pl
import pytest

from entaxis.sources import aggregates, demonstration
from entaxis.sources.models import BenefitParameters, Source, SourceEdition
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_files_come_in_once_and_are_marked(gmi: Source) -> None:
    by = factories.user()
    demonstration.load(region=gmi.region, by=by)
    demonstration.load(region=gmi.region, by=by)
    editions = SourceEdition.objects.all()
    assert {each.state for each in editions} == {"current"}
    kept = {each.source.key for each in editions if not each.is_synthetic}
    assert (editions.count(), kept) == (5, {demonstration.RESIDENTS}), "residents are the census's own"
    assert BenefitParameters.objects.get().is_synthetic
    assert all(each.is_synthetic for each in aggregates.editions(gmi.region, "gmi"))
    for kind in ("gmi", "fead"):
        cells = aggregates.beneficiaries(gmi.region, kind)
        assert cells["municipality"].n_unique() == 25
        assert cells["month"].n_unique() == 24
        assert cells["persons"].min() < 10  # small cells, as in life: suppression has work to do
    told = aggregates.table_values(gmi.region, "registered_unemployed").filter(
        breakdown="", period="2023-12"
    )
    sums = dict(told.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert told.height == 25 + 5 + 1
    assert sums["municipality"] == sums["regional_unit"] == sums["region"] > 0
    people = aggregates.table_values(gmi.region, "population")
    assert dict(people.select("area", "value").iter_rows())["EL61"] == 687_527

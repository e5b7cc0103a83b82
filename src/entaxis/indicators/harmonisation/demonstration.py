"""The ready-made recipes and one study of pockets a region, out of the demonstration's figures."""

from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators.harmonisation import actions, pockets, queries, source
from entaxis.indicators.harmonisation.models import PocketStudy
from entaxis.indicators.models import ReleasedSeries

INDEX = "deprivation_index"
RECIPES = {
    INDEX: "arope",
    "gmi_take_up": "arope",
    "fead_take_up": "arope",
    "arope_score": "arope",
    "arope_place": "arope",
    "gmi_per_1000": "gmi_beneficiaries",
    "unemployed_per_1000": "registered_unemployed",
}
"""Each with the indicator for whose last period it is run."""


def publish(*, region: Area, maker: User, approver: User) -> None:
    """Bring the recipes in, publish what they make and the index's pockets. Safe to repeat."""
    source.load()
    for code, of in RECIPES.items():
        _run(code, of, region, maker, approver)
    series = ReleasedSeries.objects.filter(region=region, is_current=True, indicator__code=INDEX)
    latest = series.select_related("indicator", "region").order_by("-period").first()
    if latest is None or PocketStudy.objects.filter(region=region).exists():
        return
    study = pockets.begin(series=latest, by=maker)
    pockets.compute(study=study)
    if study.state == PocketStudy.State.COMPUTED:
        pockets.show(study=study, until=timezone.now(), by=maker)
        pockets.publish(study=study, by=approver)


def _run(code: str, of: str, region: Area, maker: User, approver: User) -> None:
    recipe = queries.recipe(code)
    held = ReleasedSeries.objects.filter(region=region, is_current=True)
    period = held.filter(indicator__code=of).order_by("-period").values_list("period", flat=True).first()
    if recipe is None or period is None or held.filter(indicator__code=code, period=period).exists():
        return
    run = actions.begin(recipe=recipe, region=region, period=period, by=maker)
    actions.compute(run=run)
    if run.release is not None:
        chain.approve(release=run.release, by=approver)

"""Recipes are computed in the background."""

from procrastinate.contrib.django import app

from entaxis.indicators.harmonisation import actions, pockets
from entaxis.indicators.harmonisation.models import PocketStudy, RecipeRun


@app.task(name="indicators.run_recipe", queue="statistics")
def run_recipe(run: int) -> None:
    """Compute a run; what goes wrong is said on the page of recipes."""
    waiting = RecipeRun.objects.filter(pk=run, state=RecipeRun.State.WAITING)
    found = waiting.select_related("recipe__version__indicator", "region", "created_by").get()
    try:
        actions.compute(run=found)
    except Exception as error:
        waiting.update(state=RecipeRun.State.FAILED, failure=str(error)[:1000] or type(error).__name__)
        raise


@app.task(name="indicators.find_pockets", queue="statistics")
def find_pockets(study: int) -> None:
    """Compute a study of pockets; what goes wrong is said on its page."""
    waiting = PocketStudy.objects.filter(pk=study, state=PocketStudy.State.WAITING)
    found = waiting.select_related("series__indicator", "region", "boundaries").get()
    try:
        pockets.compute(study=found)
    except Exception as error:
        waiting.update(state=PocketStudy.State.FAILED, failure=str(error)[:1000] or type(error).__name__)
        raise

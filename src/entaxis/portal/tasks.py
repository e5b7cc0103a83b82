"""What the portal does in the background."""

from uuid import UUID

from procrastinate.contrib.django import app

from entaxis.portal.library import actions
from entaxis.portal.models import StudyFile


@app.task(name="portal.read_study_file", queue="library")
def read_study_file(file: str) -> None:
    """Read the words inside a version of a document; one that was deleted meanwhile needs no reading."""
    found = StudyFile.objects.filter(pk=UUID(file)).first()
    if found:
        actions.read_file(file=found)

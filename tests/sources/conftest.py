"""A region with its municipalities and a source of each kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from entaxis.sources.importing import actions
from entaxis.sources.models import Source, SourceEdition
from tests import factories
from tests.sources import files


@pytest.fixture
def gmi(db: None) -> Source:
    """Thessaly's file of the Guaranteed Minimum Income."""
    factories.geography()
    factories.vulnerable_groups()
    return factories.source("gmi")


@pytest.fixture
def bring(gmi: Source, tmp_path: Path) -> Callable[..., SourceEdition]:
    """Write rows as a CSV and bring them in."""
    number = iter(range(100))

    def bring(rows: list[Mapping[str, str]], *, of: Source | None = None, **facts: Any) -> SourceEdition:
        path = files.write(tmp_path / f"file{next(number)}.csv", rows)
        return actions.bring_in(source=of or gmi, path=path, by=None, **facts)

    return bring

"""How the server begins."""

import gc

import pytest

from entaxis.config import gunicorn


def test_a_worker_looks_no_more_through_what_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the collector stops a page of figures for a quarter of a second each now and then."""
    monkeypatch.setattr("entaxis.directory.search.words", lambda: None)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    before = gc.get_freeze_count()
    gunicorn.post_worker_init(None)
    try:
        assert gc.get_freeze_count() > before + 100_000
    finally:
        gc.unfreeze()

"""Documents to try the library with: drawn here, marked, and brought in by the doors that editors use."""

import tomllib
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from entaxis.accounts.models import User
from entaxis.core import samples
from entaxis.geography.models import Area
from entaxis.portal.library import actions
from entaxis.portal.models import Study

DATA: Final = Path(__file__).parents[1] / "data" / "studies.toml"


def publish(*, region: Area, by: User) -> int:
    """Publish the invented documents in ``region``; how many were new. Safe to repeat.

    Raises:
        RuntimeError: in production.
    """
    if settings.MODE == "production":
        raise RuntimeError("demonstration documents are refused in production")
    entries = tomllib.loads(DATA.read_text(encoding="utf-8"))["study"]
    codes = list(Area.objects.municipalities().of(region).order_by("code").values_list("code", flat=True))
    return sum(_study(region, by, dict(entry), codes) for entry in entries)


def _study(region: Area, by: User, entry: dict[str, Any], codes: list[str]) -> bool:
    pages, second = entry.pop("pages"), entry.pop("second", "")
    area_codes = codes[: entry.pop("places")]
    if Study.objects.filter(region=region, title_el=entry["title_el"], is_synthetic=True).exists():
        return False
    study = Study(
        region=region,
        area_codes=area_codes,
        authors="Περιφερειακό Παρατηρητήριο (επίδειξη)",
        licence=Study.Licence.CC0,
        is_synthetic=True,
        **entry,
    )
    actions.save_study(study=study, seen=0, by=by)
    _version(study, pages, by)
    if second:
        _version(study, [*pages, second], by, note_el="Προστέθηκε παράγραφος.", note_en="A paragraph more.")
    actions.publish(study=study, by=by)
    return True


def _version(study: Study, pages: list[str], by: User, *, note_el: str = "", note_en: str = "") -> None:
    upload = SimpleUploadedFile("demonstration.pdf", samples.pdf(study.title_el, pages), "application/pdf")
    file = actions.add_file(study=study, upload=upload, note_el=note_el, note_en=note_en, by=by)
    actions.read_file(file=file)

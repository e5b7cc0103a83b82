"""A survey's file on its way in: sealed, read by a worker, refused as a whole with a sentence or taken."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation, opening, problems, receiving, tasks
from entaxis.indicators.models import Edition, EditionUpload, Release, UploadedFile
from tests import factories
from tests.indicators.conftest import File
from tests.sources import files

pytestmark = pytest.mark.django_db
HOST = "thessaly.localhost"
State = EditionUpload.State
SECRET = "17058912345"
"""What nobody may read in a sentence: it stands where the description says something else stands."""


def _client(user: User, host: str = HOST) -> Client:
    client = Client(headers={"host": host})
    client.force_login(user)
    return client


def _frame(file: File) -> pl.DataFrame:
    return pl.read_parquet(file[0])


def _send(client: Client, content: bytes, text: str, name: str = "έρευνα.parquet") -> EditionUpload:
    files = {
        "table": SimpleUploadedFile(name, content),
        "description": SimpleUploadedFile("έρευνα.toml", text.encode()),
    }
    answer = client.post(reverse("indicators:office-upload-edition"), files)
    assert answer.status_code == 302, answer.content.decode()
    return EditionUpload.objects.latest("pk")


def _waiting() -> int:
    with sealed.role(sealed.STATISTICS):
        return UploadedFile.objects.count()


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_file_is_sealed_read_and_taken(file: File, maker: User, kind: str) -> None:
    client = _client(maker)
    content = file[0] if kind == "parquet" else _frame(file).write_csv(separator=";").encode()
    upload = _send(client, content, file[1])
    assert (upload.state, _waiting(), Edition.objects.count()) == (State.WAITING, 1, 0)
    page = reverse("indicators:office-upload", args=[upload.pk])
    assert "data-poll" in client.get(page).content.decode()
    tasks.read_upload(upload=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, _waiting()) == (State.TAKEN, 0)
    edition = Edition.objects.get()
    assert upload.edition == edition
    assert edition.persons == _frame(file).height
    assert reverse("indicators:office-estimate", args=[edition.pk]) in client.get(page).content.decode()
    tasks.read_upload(upload=upload.pk)  # a second worker has nothing to do
    assert Edition.objects.count() == 1


def test_from_the_page_to_a_candidate(file: File, maker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _client(maker)
    upload = _send(client, *file)
    tasks.read_upload(upload=upload.pk)
    edition = Edition.objects.get()
    answer = client.post(reverse("indicators:office-estimate", args=[edition.pk]), {"note": ""})
    release = Release.objects.get(edition=edition)
    assert answer["Location"] == reverse("indicators:office-release", args=[release.pk])
    page = client.get(reverse("indicators:office-estimate", args=[edition.pk])).content.decode()
    assert reverse("indicators:office-release", args=[release.pk]) in page
    page = client.get(reverse("indicators:office-editions")).content.decode()
    assert edition.checksum[:12] in page
    assert reverse("indicators:office-release", args=[release.pk]) in page


def _with(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The first person's entry of a column becomes this text."""

    def changed(frame: pl.DataFrame) -> pl.DataFrame:
        texts = frame[column].cast(pl.String).to_list()
        return frame.with_columns(pl.Series(column, [value, *texts[1:]], dtype=pl.String))

    return changed


def _first(column: str, value: str) -> pl.Expr:
    """The first person's entry alone is this one."""
    others = pl.col(column).cast(pl.String)
    return pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(others).alias(column)


FAULTS = {
    "a weight that is none": (_with("weight", SECRET + "x"), "δεν είναι αριθμοί"),
    "a weight of nothing": (_with("weight", "0"), "Συντελεστές στάθμισης"),
    "an income that is none": (_with("income", SECRET + "x"), "δεν είναι αριθμοί"),
    "another region's municipality": (_with("municipality", SECRET), "δεν ονομάζουν δήμο"),
    "a code of sex without a meaning": (_with("sex", SECRET), "χωρίς σημασία"),
    "an age that nobody has": (
        lambda frame: frame.with_columns(pl.lit(170).alias("age")), "πάνω από 130",
    ),
    "a person twice": (
        lambda frame: frame.with_columns(pl.lit(SECRET).alias("person")), "μία φορά",
    ),
    "a stratum of one unit": (
        lambda frame: frame.with_columns(
            _first("unit", SECRET), _first("area", "only"), _first("household", "alone")
        ),
        "μία μόνο πρωτογενή μονάδα",
    ),
    "headings that are a person's": (
        lambda frame: frame.rename({"income": SECRET}), "δεν έχει τη στήλη «income»",
    ),
    "no rows": (lambda frame: frame.clear(), "καμία γραμμή"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_plainly_and_quotes_nobody(
    file: File, maker: User, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    change, sentence = FAULTS[fault]
    client = _client(maker)
    upload = _send(client, computation.written(change(_frame(file))), file[1])
    tasks.read_upload(upload=upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.REFUSED
    assert sentence in problems.told(upload.refusal)
    pages = [
        client.get(reverse(f"indicators:{name}", args=args)).content.decode()
        for name, args in (("office-upload", [upload.pk]), ("office-editions", []))
    ]
    assert re.search(r"[α-ω]{4}", problems.told(upload.refusal))
    for text in (upload.refusal, caplog.text, *pages):
        assert SECRET not in text
    assert not Edition.objects.exists()
    assert _waiting() == 0, "what was refused is not kept"


NUMBERS_OF_PERSONS = {
    "amka": (lambda at: int(files.amka(at, born="010180")), "ΑΜΚΑ"),  # a table took them for amounts
    "afm": (lambda at: files.afm(37_481_000 + at * 13), "ΑΦΜ"),
    "words": (lambda at: f"η κυρία, ΑΜΚΑ {files.amka(7)}" if at == 4 else "", "στο κείμενό της"),
}


@pytest.mark.parametrize("kind", NUMBERS_OF_PERSONS)
def test_numbers_of_persons_are_named_and_nothing_is_kept(file: File, maker: User, kind: str) -> None:
    number, sentence = NUMBERS_OF_PERSONS[kind]
    frame = _frame(file)
    column = pl.Series("σημείωση", [number(at) for at in range(frame.height)])
    upload = _send(_client(maker), computation.written(frame.with_columns(column)), file[1])
    tasks.read_upload(upload=upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.REFUSED
    said = problems.told(upload.refusal)
    assert sentence in said
    assert f"Στήλη {frame.width + 1} («σημείωση»)" in said
    assert "γραμμές: 5)" in said if kind == "words" else "γραμμές: 1, 2, 3" in said
    assert not re.search(r"\d{8}", upload.refusal)
    assert not Edition.objects.exists()
    assert _waiting() == 0


def test_a_message_of_the_engine_without_a_sentence_of_its_own_is_not_shown(
    file: File, maker: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(f"person {SECRET}")

    monkeypatch.setattr(computation, "check", fail)
    upload = _send(_client(maker), *file)
    with pytest.raises(RuntimeError):
        tasks.read_upload(upload=upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.REFUSED
    assert SECRET not in upload.refusal + caplog.text
    release = Release.objects.create(
        region=upload.region, title_el="α", title_en="a", source_el="α", source_en="a", created_by=maker
    )
    monkeypatch.setattr(actions, "estimate", fail)
    with pytest.raises(RuntimeError):
        tasks.estimate_release(release=release.pk)
    release.refresh_from_db()
    assert release.state == Release.State.FAILED
    assert release.failure
    assert SECRET not in release.failure


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PAR1 and nothing more", "ούτε Parquet"),
        (b"\x00\x01\x02" * 1000, "Δεκτά εδώ"),
        (b"", "άδειο"),
        (b"MZ\x90\0 program", "Δεκτά εδώ"),
    ],
)
def test_what_is_no_table_is_refused(file: File, maker: User, content: bytes, sentence: str) -> None:
    files = {
        "table": SimpleUploadedFile("a.parquet", content),
        "description": SimpleUploadedFile("a.toml", file[1].encode()),
    }
    answer = _client(maker).post(reverse("indicators:office-upload-edition"), files)
    if answer.status_code == 302:
        upload = EditionUpload.objects.get()
        tasks.read_upload(upload=upload.pk)
        upload.refresh_from_db()
        assert sentence in problems.told(upload.refusal)
    else:
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda text: "not toml", "δεν είναι TOML"),
        (lambda text: text.replace("line_eur", "line"), "[edition] line_eur"),
        (lambda text: text.replace("line_eur = ", "line_eur = -"), "[edition] line_eur"),
        (lambda text: text.replace("year = 2023", "year = 'x'"), "[edition] year"),
        (lambda text: text.replace("[sexes]", "[genders]"), "[sexes]"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_at_the_door(
    file: File, maker: User, wrong: Callable[[str], str], sentence: str
) -> None:
    files = {
        "table": SimpleUploadedFile("a.parquet", file[0]),
        "description": SimpleUploadedFile("a.toml", wrong(file[1]).encode()),
    }
    answer = _client(maker).post(reverse("indicators:office-upload-edition"), files)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not EditionUpload.objects.exists()


def test_a_small_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    pl.select(pl.repeat("x" * 1000, opening.MOST_ROWS + 1).alias("a")).write_parquet(stream)
    assert len(stream.getvalue()) < 1_000_000
    assert opening.status_of(stream.getvalue(), "parquet") == opening.TOO_MUCH
    assert opening.status_of(b"PAR1" + b"\0" * 100, "parquet") == opening.UNREADABLE
    assert opening.status_of(b"a;b\n1;2\n", "text") == 0


def test_the_same_file_with_a_better_description_is_another_edition(
    file: File, region: Area, maker: User
) -> None:
    content, text = file
    first = actions.import_edition(region=region, content=content, specification=text, by=maker)
    again = actions.import_edition(region=region, content=content, specification=text, by=maker)
    assert again == first
    better = text.replace("synthetic = true", "synthetic = true\n# better")
    other = actions.import_edition(region=region, content=content, specification=better, by=maker)
    assert other != first
    assert other.checksum == first.checksum


def test_the_web_cannot_read_a_file_that_waits(file: File, maker: User) -> None:
    _send(_client(maker), *file)
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission"):
        cursor.execute("SELECT content FROM indicators_sealed.uploaded_file")


def test_a_file_whose_worker_was_lost_does_not_lie_about(file: File, maker: User) -> None:
    upload = _send(_client(maker), *file)
    EditionUpload.objects.update(
        state=State.READING, uploaded_at=timezone.now() - receiving.PATIENCE - timedelta(minutes=1)
    )
    tasks.refuse_lost_uploads(timestamp=0)
    upload.refresh_from_db()
    assert (upload.state, _waiting()) == (State.REFUSED, 0)
    assert "ξανά" in problems.told(upload.refusal)


def test_editions_of_another_region_do_not_exist(file: File, region: Area, maker: User) -> None:
    edition = actions.import_edition(region=region, content=file[0], specification=file[1], by=maker)
    upload = _send(_client(maker), *file)
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    client = _client(factories.editor(other), "peloponnese.localhost")
    for name, pk in (("estimate", edition.pk), ("upload", upload.pk), ("upload-progress", upload.pk)):
        assert client.get(reverse(f"indicators:office-{name}", args=[pk])).status_code == 404
    page = client.get(reverse("indicators:office-editions")).content.decode()
    assert edition.checksum[:12] not in page
    assert upload.file_name not in page


def test_the_page_costs_the_same_with_more_editions(
    region: Area, maker: User, queries_stay: Callable[..., int]
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            number = Edition.objects.count()
            edition = Edition.objects.create(
                region=region, year=2023, income_year=2022, title_el=f"Έρευνα {number}", title_en="Survey",
                line_eur=5900, line_note="test", checksum=f"{number:064}", specification="", persons=700,
                imported_by=maker,
            )  # fmt: skip
            actions.begin(edition=edition, by=maker)
            EditionUpload.objects.create(
                region=region,
                file_name=f"{number}.csv",
                specification="",
                uploaded_by=maker,
            )

    client = _client(maker)
    assert queries_stay(grow=grow, read=lambda: client.get(reverse("indicators:office-editions"))) < 20

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from entaxis.accounts.models import AccessRequest, Body, User
from entaxis.core import sealed, tabular
from entaxis.directory import confidential
from entaxis.directory.importing import actions, content, store, vault
from entaxis.directory.importing.planning import Plan
from entaxis.directory.importing.problems import ImportRefusedError
from entaxis.directory.models import ConfidentialPlace, ImportRun, ServiceOffer, Structure
from entaxis.geography.models import Area
from tests import factories
from tests.directory.importing.conftest import Rows

Bring = Callable[..., tuple[ImportRun, Plan]]
ROW = {
    "code": "7",
    "name": "Κοινωνικό Φαρμακείο",
    "kind": "social_pharmacy",
    "municipality": "Βόλος",
    "latitude": "39.366",
    "longitude": "22.944",
    "hours": "Δε-Πα 08:00-14:00",
    "telephone": "2421012345",
    "services": "medicine_supply; baby_supplies",
    "target_groups": "uninsured",
    "age": "18+",
    "served_areas": "Βόλος",
    "languages": "el; en",
}
SHELTER = {
    "code": "S",
    "name": "Δομή φιλοξενίας",
    "kind": "violence_women_support",
    "municipality": "Λάρισα",
    "locality": "Κρυφοχώρι",
    "street": "Μυστική",
    "street_number": "13",
    "postal_code": "41222",
    "latitude": "39.64",
    "longitude": "22.41",
    "telephone": "15900",
}
SECRETS = ("Κρυφοχώρι", "Μυστική", "41222", "39.64", "22.41", "2201", "Λάρισα")


def _all() -> list[Structure]:
    return list(Structure.objects.order_by("external_id"))


def test_what_the_table_says_stands_in_the_directory(bring_in: Bring) -> None:
    run, found = bring_in(ROW)
    assert found.counts == {"created": 1, "changed": 0, "unchanged": 0, "rejected": 0}
    (structure,) = _all()
    (draft,) = found.drafts
    assert store.contents(Structure.objects.all()) == {structure.pk: draft.content}
    assert (structure.external_source, structure.external_id) == ("test", "7")
    assert (structure.body.name_el, structure.body.name_en) == ("Δήμος Βόλου", "Municipality of Volos")
    assert (structure.body.kind, structure.body.municipality_id) == (
        Body.Kind.MUNICIPALITY,
        structure.municipality_id,
    )
    assert (run.state, run.created_count) == (ImportRun.State.DONE, 1)


def test_again_changes_nothing_and_a_change_changes_only_itself(bring_in: Bring) -> None:
    bring_in(ROW)
    before = {offer.service.key: offer.pk for offer in ServiceOffer.objects.select_related("service")}
    (structure,) = _all()
    assert bring_in(ROW)[1].counts["unchanged"] == 1
    assert _all()[0].version == structure.version
    _, found = bring_in(ROW | {"hours": "Δε 9-13", "services": "medicine_supply"})
    assert found.counts == {"created": 0, "changed": 1, "unchanged": 0, "rejected": 0}
    (changed,) = _all()
    assert changed.pk == structure.pk
    assert [str(hours.opens) for hours in changed.hours.all()] == ["09:00:00"]
    assert [offer.pk for offer in changed.offers.all()] == [before["medicine_supply"]]


def test_columns_that_the_table_lacks_stay_as_they_are(bring_in: Bring) -> None:
    bring_in(ROW | {"description": "Κείμενο", "locality": "Βόλος"})
    Structure.objects.update(name_en="Pharmacy")
    bring_in({"code": "7", "name": "Νέο όνομα", "kind": "social_pharmacy", "municipality": "Βόλος"})
    (structure,) = _all()
    assert (structure.name_el, structure.name_en, structure.description_el) == (
        "Νέο όνομα",
        "Pharmacy",
        "Κείμενο",
    )
    assert structure.point_quality == "exact"  # the table's guess does not replace a point that was set
    assert structure.offers.count() == 2


def test_without_a_code_a_row_is_known_by_what_it_says(bring_in: Bring) -> None:
    row = {key: value for key, value in ROW.items() if key != "code"}
    bring_in(row)
    assert bring_in(row | {"hours": ""})[1].counts["changed"] == 1


def test_all_or_nothing(bring_in: Bring) -> None:
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(ROW, ROW | {"code": "8", "name": "Β", "hours": "ποτέ"})
    assert caught.value.plan.counts["rejected"] == 1
    assert _all() == []


def test_the_good_rows_alone_and_a_file_of_the_others(bring_in: Bring) -> None:
    _, found = bring_in(ROW, ROW | {"code": "8", "name": "=Β", "hours": "ποτέ"}, accepts_valid=True)
    assert len(_all()) == 1
    headings, rows = actions.rejected_rows(found, hides_confidential=True)
    assert headings[2:] == list(found.headings)
    (row,) = rows
    assert row[0] == "3"
    assert "ποτέ" in row[1] or "ποτε" in row[1]
    assert row[2:4] == ["8", "=Β"]
    assert "'=Β" in tabular.csv_bytes(headings, rows).decode()


def test_a_mended_file_of_rejected_rows_comes_in(bring_in: Bring) -> None:
    _, found = bring_in(ROW, ROW | {"code": "8", "name": "Β", "hours": "ποτέ"}, accepts_valid=True)
    headings, (row,) = actions.rejected_rows(found, hides_confidential=True)
    mended = dict(zip(headings, row, strict=True)) | {"hours": "Δε 8-12"}
    assert bring_in(mended)[1].counts == {"created": 1, "changed": 0, "unchanged": 0, "rejected": 0}


def test_an_annex_may_stand_before_its_parent(bring_in: Bring) -> None:
    centre = {"code": "C", "name": "Κέντρο", "kind": "Κ.Κ.", "municipality": "2401"}
    annex = {"code": "A", "name": "Παράρτημα", "kind": "roma_annex", "municipality": "2401", "parent": "C"}
    bring_in(annex, centre)
    assert Structure.objects.get(external_id="A").parent == Structure.objects.get(external_id="C")
    assert bring_in(annex, centre)[1].counts["unchanged"] == 2


def test_what_a_person_saw_is_what_is_done(
    thessaly: Area, bring_in: Bring, write: Callable[[Rows], Path]
) -> None:
    from entaxis.directory.importing import planning

    request = planning.Request(write([ROW]), thessaly, "test")
    seen = planning.plan(request).digest
    assert planning.plan(request).digest == seen
    bring_in(ROW)
    run = ImportRun(region=thessaly, source=actions.source_named(region=thessaly, name="test"))
    with pytest.raises(ImportRefusedError) as caught:
        actions.bring_in(run=run, request=request, by=None, expected=seen)
    assert caught.value.problem.key == "changed_meanwhile"


# --- taking back ------------------------------------------------------------------------------------


def test_taking_back_puts_back_what_stood_there(bring_in: Bring, administrator: User) -> None:
    bring_in(ROW)
    before = store.contents(Structure.objects.all())
    changed = ROW | {"name": "Άλλο", "hours": "", "services": "baby_supplies", "age": "65+"}
    run, _ = bring_in(changed, ROW | {"code": "8", "name": "Νέα", "body": "Σύλλογος Χ"})
    assert Body.objects.filter(name_el="Σύλλογος Χ", kind=Body.Kind.NGO).exists()
    actions.take_back(run=run, by=administrator)
    after = store.contents(Structure.objects.all())
    assert {pk: replace(c, offers=()) for pk, c in after.items()} == {
        pk: replace(c, offers=()) for pk, c in before.items()
    }
    assert [c.offers for c in after.values()] == [c.offers for c in before.values()]
    assert not Body.objects.filter(name_el="Σύλλογος Χ").exists()
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    with pytest.raises(actions.UndoRefusedError):
        actions.take_back(run=run, by=administrator)


def test_what_was_edited_since_is_not_taken_back(bring_in: Bring, administrator: User) -> None:
    run, _ = bring_in(ROW)
    structure = Structure.objects.get()
    factories.hours(structure, weekday=5)
    with pytest.raises(actions.UndoRefusedError) as caught:
        actions.take_back(run=run, by=administrator)
    assert caught.value.problem.key == "undo_edited"
    assert Structure.objects.exists()


def test_what_others_hang_on_is_not_taken_back(bring_in: Bring, administrator: User) -> None:
    run, _ = bring_in({"code": "C", "name": "Κέντρο", "kind": "Κ.Κ.", "municipality": "2401"})
    factories.structure("roma_annex", parent=Structure.objects.get())
    with pytest.raises(actions.UndoRefusedError) as caught:
        actions.take_back(run=run, by=administrator)
    assert caught.value.problem.key == "undo_attached"


def test_a_body_that_people_belong_to_or_ask_for_stays(bring_in: Bring, administrator: User) -> None:
    rows = [ROW | {"code": str(n), "name": f"Δομή {n}α{n}", "body": f"Σύλλογος {n}"} for n in range(4)]
    run, _ = bring_in(*rows)
    bodies = {body.name_el: body for body in run.new_bodies.all()}
    factories.body_member(of=bodies["Σύλλογος 1"])
    factories.access_request(run.region, body=bodies["Σύλλογος 2"])
    factories.invitation(bodies["Σύλλογος 3"])
    staying = actions.take_back(run=run, by=administrator)
    assert {body.name_el for body in staying} == {"Σύλλογος 1", "Σύλλογος 2", "Σύλλογος 3"}
    assert set(Body.objects.filter(name_el__startswith="Σύλλογος")) == set(staying)
    assert AccessRequest.objects.count() == 1


def test_what_people_keep_is_not_taken_back(bring_in: Bring, administrator: User) -> None:
    run, _ = bring_in(ROW)
    factories.clerk(Structure.objects.get())
    with pytest.raises(actions.UndoRefusedError) as caught:
        actions.take_back(run=run, by=administrator)
    assert caught.value.problem.key == "undo_kept"


def test_what_was_joined_stays_joined_at_the_next_import(bring_in: Bring, administrator: User) -> None:
    run, _ = bring_in(ROW)
    row = Structure.objects.get()
    Structure.objects.update(status="merged")
    run, found = bring_in(ROW | {"name": "Άλλο όνομα", "status": "Δημοσιευμένη"})
    assert (run.unchanged_count, run.created_count) == (1, 0)
    assert [warning.key for warning in next(iter(found.unchanged.values())).warnings][-1] == "merged"
    row.refresh_from_db()
    assert (row.status, row.name_el) == ("merged", ROW["name"])


# --- confidential places ----------------------------------------------------------------------------


def _everything_the_web_reads() -> str:
    """Every row of every table of the public schema that an import may touch, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' AND starts_with(c.relname, 'directory_')"
        )
        names = [row[0] for row in cursor.fetchall()]
        texts = []
        for name in names:
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), chr(32)) FROM "{name}" t')
            texts.append(cursor.fetchone()[0])
    return "\n".join(texts)


def test_a_confidential_place_goes_to_the_sealed_place_alone(bring_in: Bring, administrator: User) -> None:
    run, found = bring_in(
        SHELTER | {"hours": "λάθος"},
        SHELTER | {"name": "Β", "code": "T"},
        by=administrator,
        accepts_valid=True,
    )
    structure = Structure.objects.get()
    assert (structure.is_confidential, structure.municipality, structure.point, structure.address) == (
        True,
        None,
        None,
        "",
    )
    with sealed.role(sealed.CONFIDENTIAL):
        place = ConfidentialPlace.objects.get(structure_id=structure.pk)
    assert (place.street, place.locality, place.postal_code) == ("Μυστική", "Κρυφοχώρι", "41222")
    web = _everything_the_web_reads() + json.dumps(run.report, ensure_ascii=False, default=str)
    assert "violence_women_support" in web
    for secret in SECRETS:
        assert secret not in web
    _, rows = actions.rejected_rows(found, hides_confidential=True)
    assert not any(secret in cell for row in rows for cell in row for secret in SECRETS)
    assert "Μυστική" in actions.rejected_rows(found, hides_confidential=False)[1][0]


def test_repeating_a_confidential_row_changes_nothing_and_taking_back_restores_its_place(
    bring_in: Bring, administrator: User
) -> None:
    bring_in(SHELTER, by=administrator)
    assert bring_in(SHELTER, by=administrator)[1].counts["unchanged"] == 1
    run, found = bring_in(SHELTER | {"street": "Άλλη"}, by=administrator)
    assert found.counts["changed"] == 1
    structure = Structure.objects.get()
    assert vault.places([structure.pk])[structure.pk].street == "Άλλη"
    actions.take_back(run=run, by=administrator)
    assert vault.places([structure.pk])[structure.pk].street == "Μυστική"


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"telephone": "2410555555"}, "confidential_telephone"),
        ({"body": "Δήμος Λαρισαίων"}, "confidential_body"),
        ({"served_areas": "Λάρισα"}, "confidential_area"),
        ({"directions": "Πίσω από το πάρκο"}, "confidential_access"),
        ({"parent": "Κέντρο"}, "confidential_relation"),
        ({"description": "Στην καρδιά της Λάρισας"}, "confidential_text"),
        ({"name": "Ξενώνας οδού Μυστικής"}, "confidential_text"),
        ({"municipality": "Τρίπολη"}, "withheld"),
        ({"postal_code": "4122x"}, "postal_code"),
        ({"longitude": "25.9"}, "withheld"),
    ],
)
def test_a_confidential_row_may_not_betray_itself(
    bring_in: Bring, administrator: User, cells: dict[str, str], key: str
) -> None:
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(SHELTER | cells, by=administrator)
    problems = caught.value.plan.drafts[0].problems
    assert key in [problem.key for problem in problems]
    told = " ".join(f"{problem} {problem.as_json()}" for problem in problems if problem.column != "name")
    assert not any(secret in told for secret in (*SECRETS, "2410555555", "4122x", "25.9", "Τρίπολη"))


def test_without_an_administrator_a_confidential_place_is_refused(bring_in: Bring) -> None:
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(SHELTER)
    assert caught.value.plan.drafts[0].problems[0].key == "confidential_rights"


def test_the_web_cannot_read_what_a_run_keeps(thessaly: Area) -> None:
    from uuid import uuid4

    from django.db import DatabaseError, transaction

    run = uuid4()
    vault.keep(run, vault.UPLOAD, b"secret")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM directory_sealed.import_file")
    assert vault.kept(run, vault.UPLOAD) == b"secret"
    vault.forget(run, vault.UPLOAD)
    assert vault.kept(run, vault.UPLOAD) is None


def test_content_survives_being_stored(bring_in: Bring) -> None:
    bring_in(ROW)
    (stood,) = store.contents(Structure.objects.all()).values()
    assert content.from_json(json.loads(json.dumps(content.as_json(stood)))) == stood


# --- the command ------------------------------------------------------------------------------------


def _run(*arguments: Any, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    call_command("import_structures", *map(str, arguments))
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_the_command_says_what_it_did(
    thessaly: Area, write: Callable[[Rows], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write([ROW, ROW | {"code": "9", "name": "Β", "kind": "x"}])
    rejected = tmp_path / "rejected.csv"
    with pytest.raises(CommandError):
        _run(path, "--source", "test", capsys=capsys)
    assert not Structure.objects.exists()
    out, err = _run(path, "--source", "test", "--accept-valid", "--rejected", rejected, capsys=capsys)
    assert out.splitlines()[-1] == "created=1 changed=0 unchanged=0 rejected=1 warnings=0"
    assert "3, Είδος" in err
    assert "Λόγος απόρριψης" in rejected.read_text(encoding="utf-8-sig")
    out, _ = _run(path, "--source", "test", "--dry-run", "--accept-valid", capsys=capsys)
    assert out.startswith("created=0 changed=0 unchanged=1")


def test_the_command_remembers_what_headings_mean(
    thessaly: Area, write: Callable[[Rows], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write([{"Φ1": "Α", "Φ2": "Κ.Κ.", "Φ3": "Βόλος"}])
    mapping = ["--map", "Φ1=name", "--map", "Φ2=kind", "--map", "Φ3=municipality"]
    _run(path, "--source", "s", *mapping, capsys=capsys)
    assert _run(path, "--source", "s", capsys=capsys)[0].startswith("created=0 changed=0 unchanged=1")


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
@pytest.mark.parametrize("language", ["el", "en"])
def test_the_template_comes_back_in(
    thessaly: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    path = tmp_path / name
    _run("--template", path, "--language", language, capsys=capsys)
    out, _ = _run(path, "--source", "x", capsys=capsys)
    assert out.startswith("created=1 ")
    assert Structure.objects.get().status == "draft"


@pytest.mark.parametrize(
    "arguments", [["--region", "EL99"], ["nowhere.csv"], [], ["--by", "nobody@example.org", "x.csv"]]
)
def test_the_command_refuses_with_a_sentence(
    thessaly: Area, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(CommandError) as caught:
        _run(*arguments, capsys=capsys)
    assert "Traceback" not in str(caught.value)


def test_a_confidential_row_without_a_place_names_none_either(bring_in: Bring) -> None:
    bare = {"name": "Ξενώνας Λάρισας", "kind": "violence_women_support", "code": "X"}
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(bare)
    assert [problem.key for problem in caught.value.plan.drafts[0].problems] == ["confidential_text"]
    with pytest.raises(actions.RejectedRowsError):
        bring_in(bare | {"name": "Ξενώνας", "email": "info@larisa.example.org"})


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("description", "Ένα σπίτι στο χωριό Απόκρυφο, κοντά στη στάση."),
        ("how_to_apply", "Χτυπήστε στην οδό Κρυφή 5"),
        ("documents", "Αλληλογραφία: Τ.Κ. 38221"),
        ("eligibility_note_en", "Come to Hidden Street 5"),
    ],
)
def test_an_address_that_no_list_knows_is_refused_in_the_words_of_a_confidential_row(
    bring_in: Bring, column: str, words: str
) -> None:
    bare = {"name": "Ξενώνας", "kind": "violence_women_support", "code": "X", "telephone": "15900"}
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(bare | {column: words})
    (problem,) = caught.value.plan.drafts[0].problems
    assert (problem.key, problem.value) == ("confidential_text", "")
    bring_in(bare | {column: "Στέγη και στήριξη, στον δρόμο κανείς: καλέστε το 15900."})


def test_every_row_has_its_history_with_one_context(bring_in: Bring) -> None:
    bring_in(ROW, ROW | {"code": "8", "name": "Άλλο", "services": "medicine_supply"})
    bring_in(ROW | {"hours": "Δε 9-13", "name": "Νέο όνομα"})
    events = Structure.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(e.pgh_label, e.name_el) for e in events] == [
        ("insert", "Κοινωνικό Φαρμακείο"),
        ("insert", "Άλλο"),
        ("update", "Νέο όνομα"),
    ]
    offered = ServiceOffer.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    assert sorted(event.pgh_label for event in offered) == ["insert", "insert", "insert"]
    contexts = [event.pgh_context for event in (*events, *offered)]
    assert {context.metadata["source"] for context in contexts} == {"test"}
    assert len({context.pk for context in contexts}) == 2


def test_what_was_made_confidential_comes_back_by_no_table(bring_in: Bring, administrator: User) -> None:
    run, _ = bring_in(ROW | {"name": "Στέγη Ελπίδα", "code": "H", "services": ""})
    hidden = Structure.objects.get(external_id="H")
    hidden.body = factories.body(hidden.region)
    hidden.save()
    confidential.hide(structure=hidden, purpose="the board decided it", by=administrator)
    run.refresh_from_db()
    assert "2401" not in json.dumps(run.report["first_rows"])
    assert not run.rows.exists()
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(ROW | {"name": "Στέγη Ελπίδα", "code": "H", "services": ""})
    assert [problem.key for problem in caught.value.plan.drafts[0].problems] == ["in_directory"]


def test_an_editor_does_not_take_back_confidential_places(
    bring_in: Bring, thessaly: Area, administrator: User
) -> None:
    run, _ = bring_in(SHELTER, by=administrator)
    with pytest.raises(actions.UndoRefusedError) as caught:
        actions.take_back(run=run, by=factories.editor(thessaly))
    assert caught.value.problem.key == "confidential_rights"
    assert Structure.objects.exists()


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-1+2", "\t=1", "'=1"])
def test_the_file_of_rejected_rows_holds_no_formula(
    thessaly: Area,
    write: Callable[[Rows], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    path = tmp_path / "attack.csv"
    lines = [
        ";".join(ROW),
        ";".join({**ROW, "code": "9", "name": name, "kind": name, "hours": name}.values()),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    rejected = tmp_path / "rejected.csv"
    _run(path, "--source", "test", "--accept-valid", "--rejected", rejected, capsys=capsys)
    text = rejected.read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text), delimiter=";") for cell in row]
    assert name.strip().lstrip("'")[1:] in text
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_confidential_structure_is_not_opened_by_a_table(bring_in: Bring, administrator: User) -> None:
    bring_in(SHELTER, by=administrator)
    opened = ROW | {"name": "Κοινωνικό Φαρμακείο", "services": "", "code": SHELTER["code"]}
    with pytest.raises(actions.RejectedRowsError) as caught:
        bring_in(opened, by=administrator)
    found = caught.value.plan
    assert [problem.key for problem in found.drafts[0].problems] == ["kind_opened"]
    assert Structure.objects.get(external_id=SHELTER["code"]).is_confidential
    # What it would have said of the place is repeated in no report and in no file.
    run = ImportRun(picks={})
    actions.describe(run, found)
    assert not [value for value in ("2401", "39.366", "2421012345") if value in json.dumps(run.report)]
    assert "Βόλος" not in str(actions.rejected_rows(found, hides_confidential=True))

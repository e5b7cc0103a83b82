"""Greek text: laws that hold for every text, and families of words that must meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entaxis.core import greek

GREEK = st.text(alphabet="αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ '")

# One family a line: inflection, spelling by ear, Greeklish.
FAMILIES = """
ανεργία ανεργίας ανεργίες ανεργιών άνεργος άνεργη άνεργοι ΑΝΕΡΓΩΝ anergia
παιδί παιδιά παιδιού παιδιών pedia paidiwn
φάρμακο φάρμακα φαρμάκων farmaka farmakwn pharmaka
σπίτι σπίτια σπιτιού spiti σπήτι
άστεγος άστεγη αστέγων astegos astegh
γιατρός γιατρού γιατροί ιατρός giatros yatros yiatros
βοήθεια βοήθειας βοηθια voitheia boh8eia vohtheia boi8eia
χρειάζομαι χρειάζεται χρειάζονται χριαζομε xreiazomai hreiazomai chreiazomai
πεινάω πεινώ πεινάμε πεινάει πεινάνε πεινούν peinaw pinao
ρεύμα ρεύματος ρεύματα reuma reyma revma
κυβέρνηση κυβερνήσεις κυβερνήσεων kybernhsh
γονείς γονέας γονέων γονιός γονιού goneis
ξένος ξένου ksenos xenos 3enos
υγεία υγείας ugeia ygeia igia
ψυχολόγος ψιχολογος psyxologos psihologos psuxologos
ηλικιωμένος ηλικιωμένοι ηλικιωμένων hlikiwmenoi ilikiomeni
δουλειά δουλειές δουλιά douleia doulia
γιαγιά γιαγιάδες γιαγιάς giagia
μπαμπάς babas mpampas
αναπηρία αναπηρίας anaphria anapiria
ανάγκη ανάγκες anagkh anagki anangi
άγχος agxos anxos
αυτισμός autismos aftismos avtismos
εξάρτηση εξαρτήσεις eksartisi exartisi e3arthsh
γράμμα γράμματος γράμματα γραμμάτων grammata
Λάρισα Λάρισας Λαρισαίων Larissa
Βόλος Βόλου ΒΟΛΟΣ Volos Bolos
"""


@pytest.mark.parametrize("family", FAMILIES.strip().split("\n"))
def test_stem_joins_a_family_of_words(family: str) -> None:
    assert len({greek.stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("γάλα", "γάτα"), ("φόρος", "νόμος"), ("παιδί", "πόδι"), ("στέγη", "στήθη"), ("δεν", "και")],
)
def test_stem_keeps_different_words_apart(one: str, other: str) -> None:
    assert greek.stem(one) != greek.stem(other)


def test_fold_forgives_case_accents_sigma_and_space() -> None:
    assert greek.fold("  ΟΔΌΣ \u00a0 Οδός\n") == "οδοσ οδοσ"
    assert greek.fold("Ζëmër Ёлка أَحْمَد") == "ζemer елка احمد"


def test_words_are_parted_by_every_sign() -> None:
    assert greek.words("το σπίτ' μ', «Κ.Α.Π.Η.»; (τι;) 15900·") == [
        *("το", "σπιτ", "μ", "κ", "α", "π", "η", "τι", "15900")
    ]


def test_skeleton_hears_northern_speech() -> None:
    for standard, northern in [("πεινάω", "πνάου"), ("κορίτσι", "κουρίτσ'"), ("λεφτά", "λιφτά")]:
        assert greek.skeleton(greek.stem(standard)) == greek.skeleton(greek.stem(northern))


@given(st.text())
def test_fold_is_idempotent_and_blind_to_case(text: str) -> None:
    folded = greek.fold(text)
    assert greek.fold(folded) == folded
    assert "\0" not in folded


@given(GREEK)
def test_sound_is_ascii_for_greek_and_blind_to_accents(text: str) -> None:
    heard = greek.sound(text)
    assert heard.isascii()
    assert greek.sound(greek.fold(text)) == heard
    assert greek.sound(greek.upper_el(text)) == heard


@given(st.text())
def test_stem_never_loses_a_word(text: str) -> None:
    assert len(greek.stem(text).split(" ")) == len(greek.sound(text).split(" "))


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("Ρομά", "ΡΟΜΑ"),
        ("σήμερα ή αύριο", "ΣΗΜΕΡΑ Ή ΑΥΡΙΟ"),
        ("η δομή", "Η ΔΟΜΗ"),
        ("Μάιος", "ΜΑΪΟΣ"),
        ("άυλος προϊόν Γαΐου", "ΑΫΛΟΣ ΠΡΟΪΟΝ ΓΑΪΟΥ"),
        ("αυτοί, ευτυχία, ούτε", "ΑΥΤΟΙ, ΕΥΤΥΧΙΑ, ΟΥΤΕ"),
        ("ΑμεΑ (NEETs)", "ΑΜΕΑ (NEETS)"),
    ],
)
def test_upper_el(text: str, capitals: str) -> None:
    assert greek.upper_el(text) == capitals


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Δήμος Λαρισαίων", "Dimos Larisaion"),
        ("Άγιος Ευστράτιος", "Agios Efstratios"),
        ("Εύβοια, Ναύπακτος", "Evvoia, Nafpaktos"),
        ("Αγγελόκαστρο Άγχος Σφίγξ", "Angelokastro Anchos Sfinx"),
        ("Μπάμπης Γκούρα Ντόβρος", "Bampis Gkoura Ntovros"),
        ("Μάιος, Ταΰγετος, ΘΗΒΑ, Ψαχνά", "Maios, Taygetos, THIVA, Psachna"),
        ("Πηλίου–Ζαγοράς Volos 12", "Piliou–Zagoras Volos 12"),
    ],
)
def test_elot743(text: str, latin: str) -> None:
    assert greek.elot743(text) == latin


@given(st.text())
def test_elot743_leaves_no_greek_letter_of_today(text: str) -> None:
    assert not set(greek.elot743(text)) & set("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ")

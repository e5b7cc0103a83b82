import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from entaxis.directory import addresses, demonstration


@pytest.mark.parametrize(
    "text",
    [
        "Βρισκόμαστε στην οδό Ερμού",
        "ΟΔΟΣ ΕΡΜΟΥ 5",
        "οδός ερμού 5",
        "Οδ. Ιωλκού 12α",
        "επί της λεωφόρου Δημοκρατίας",
        "Λεωφ. Ειρήνης 3",
        "πάροδος Ρήγα 4",
        "στην πλατεία Ελευθερίας",
        "Πλ. Ρήγα",
        "στο χωριό Κρυφοχώρι",
        "στον οικισμό Άγναντα",
        "Ιωλκού 45",
        "Ιωλκού 45, δεύτερος όροφος",
        "Τ.Κ. 38221",
        "ΤΚ: 382 21",
        "τ.κ.38221",
        "Ταχυδρομικός κωδικός 38221",
        "postal code 38221",
        "38221 Κρυφοχώρι",
        "in Ermou Street, second floor",
        "5 Iasonos str",
        "odos Ermou",
        "in the village of Kryfochori",
        "δρόμος προς λιμάνι 12",
    ],
)
def test_an_address_is_heard_without_any_list(text: str) -> None:
    assert addresses.address_in(text)
    assert addresses.address_in(f"Στέγη και στήριξη. {text}")


@pytest.mark.parametrize(
    "text",
    [
        "Γυναίκες που έμειναν στον δρόμο",
        "Εργασία στον δρόμο με άστεγους, 2 φορές την εβδομάδα",
        "Street work and a day centre",
        "Μέθοδος: 5 συνεδρίες. Η περίοδος είναι 3 μήνες, η έξοδος ελεύθερη.",
        "Καλέστε το 15900 όλο το εικοσιτετράωρο",
        "Καλέστε 15900 Δευτέρα έως Παρασκευή",
        "Γραμμή 10306 Ψυχοκοινωνικής στήριξης, 1107 ή 112",
        "Τηλέφωνο +30 2421 012345",
        "Δομή στήριξης γυναικών θυμάτων βίας 3",
        "Φιλοξενία έως 3 μήνες για γυναίκες 18 ετών και άνω",
        "Με βάση το άρθρο 61 του Νόμου 4445/2016",
        "Σύμφωνα με τον κανονισμό του Άρθρου 5, η φιλοξενία είναι δωρεάν",
        "Ο ξενώνας έχει 12 θέσεις και 2 πλατείες παιχνιδιού",
        "Για γυναίκες από πόλη ή χωριό, με ή χωρίς παιδιά",
        "From 20 June 2026, 24 hours a day",
        "Women on the road, in the street or at home",
        "1. Συνταγή γιατρού 2. Ταυτότητα 3. Εκκαθαριστικό εφορίας",
        "10 000 ευρώ τον χρόνο",
        "12000 ευρώ τον χρόνο",
        "st. 2 of the procedure",
    ],
)
def test_ordinary_sentences_are_left_alone(text: str) -> None:
    assert addresses.address_in(text) == ""


def test_no_sentence_of_the_demonstration_sounds_like_an_address() -> None:
    def said(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            for one in part.values():
                yield from said(one)
        elif isinstance(part, list):
            for one in part:
                yield from said(one)
        else:
            yield str(part)

    kinds = tomllib.loads(demonstration.DATA.read_text(encoding="utf-8"))["kinds"]
    assert [(text, found) for text in said(kinds) if (found := addresses.address_in(text))] == []

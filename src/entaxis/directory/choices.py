"""The closed lists of the directory that are not vocabularies: small, and meant by the code itself."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where an entry stands on its way to the reader."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUSPENDED = "suspended", _("Suspended for now")
    CLOSED = "closed", _("Closed for good")
    MERGED = "merged", _("Joined with another entry")  # set by joining alone, never by hand


STANDING: Final = (Status.PUBLISHED, Status.SUSPENDED)  # readers may come back to it
STOPS: Final = (Status.SUSPENDED, Status.CLOSED)  # what has a first day


class PointQuality(models.TextChoices):
    """How the point of a structure was found; a distance to a guessed point is said to be approximate."""

    EXACT = "exact", _("the entrance")
    LOCALITY = "locality", _("the middle of the town or village")
    SEAT = "seat", _("the seat of the municipality")


class Answer(models.TextChoices):
    """Yes, in part, no – and the honest fourth."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class AccessFeature(models.TextChoices):
    """What makes a place usable, beside its entrance and its toilet."""

    LIFT = "lift", _("Lift")
    PARKING = "parking", _("Parking for people with disabilities")
    HEARING_LOOP = "hearing_loop", _("Hearing loop")
    SIGN_LANGUAGE = "sign_language", _("Greek Sign Language")
    TACTILE = "tactile", _("Tactile guidance")
    EASY_TO_READ = "easy_to_read", _("Easy-to-read information")
    HOME_VISIT = "home_visit", _("Visit at home")
    ASSISTANCE_ANIMAL = "assistance_animal", _("Assistance animals welcome")


class Language(models.TextChoices):
    """Languages spoken in structures: ISO 639 codes."""

    GREEK = "el", _("Greek")
    ENGLISH = "en", _("English")
    ALBANIAN = "sq", _("Albanian")
    ARABIC = "ar", _("Arabic")
    RUSSIAN = "ru", _("Russian")
    UKRAINIAN = "uk", _("Ukrainian")
    ROMANI = "rom", _("Romani")
    BULGARIAN = "bg", _("Bulgarian")
    ROMANIAN = "ro", _("Romanian")
    GEORGIAN = "ka", _("Georgian")
    TURKISH = "tr", _("Turkish")
    PERSIAN = "fa", _("Persian (Farsi)")
    URDU = "ur", _("Urdu")
    BENGALI = "bn", _("Bengali")
    KURDISH = "ku", _("Kurdish")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")
    ITALIAN = "it", _("Italian")
    SPANISH = "es", _("Spanish")
    GREEK_SIGN = "gss", _("Greek Sign Language")


class ServiceStatus(models.TextChoices):
    """Whether a service is given; the values are HSDS's, with an underscore for the space."""

    ACTIVE = "active", _("Given")
    TEMPORARILY_CLOSED = "temporarily_closed", _("Stopped for now")
    INACTIVE = "inactive", _("Not given")
    DEFUNCT = "defunct", _("Ended")


class Cost(models.TextChoices):
    """What a service costs the person."""

    FREE = "free", _("Free")
    CONTRIBUTION = "contribution", _("Small contribution")
    BY_INCOME = "by_income", _("By income")
    PAID = "paid", _("Paid")
    UNKNOWN = "unknown", _("Not known")


class Aspect(models.TextChoices):
    """What an eligibility rule asks about; the browser's four questions are the first four."""

    AGE = "age", _("Age")
    HOUSEHOLD = "household", _("Household")
    INCOME_SOURCE = "income_source", _("Source of income")
    STATUS = "status", _("Status of residence")
    RESIDENCE = "residence", _("Where one lives")
    CONDITION = "condition", _("Situation")


class Strength(models.TextChoices):
    """A rule either decides or gives priority."""

    REQUIRED = "required", _("Required")
    PRIORITY = "priority", _("Has priority")


RULE_VALUES: Final[dict[str, dict[str, object]]] = {
    Aspect.HOUSEHOLD: {
        "alone": _("Living alone"),
        "couple": _("Couple without minors"),
        "single_parent": _("Single-parent family"),
        "with_minors": _("Family with minors"),
        "large_family": _("Family with three or more children"),
    },
    Aspect.INCOME_SOURCE: {
        "none": _("No income"),
        "guaranteed_minimum_income": _("Guaranteed Minimum Income"),
        "unemployment_benefit": _("Unemployment benefit"),
        "other_benefit": _("Another benefit"),
        "pension": _("Pension"),
        "low_wage": _("Low wage"),
        "work": _("Work"),
    },
    Aspect.STATUS: {
        "greek": _("Greek citizen"),
        "european": _("Citizen of the European Union"),
        "residence_permit": _("Residence permit"),
        "refugee": _("Recognised refugee"),
        "asylum_seeker": _("Asylum seeker"),
        "without_papers": _("Without papers"),
    },
    Aspect.RESIDENCE: {
        "municipality": _("Lives in the municipality"),
        "regional_unit": _("Lives in the regional unit"),
        "region": _("Lives in the region"),
        "anywhere": _("Lives anywhere"),
    },
    Aspect.CONDITION: {
        "unemployed": _("Unemployed"),
        "uninsured": _("Without health insurance"),
        "disability": _("With a disability"),
        "homeless": _("Without a home"),
        "violence": _("Has suffered violence"),
        "dependent": _("Dependent on care"),
        "referral": _("Referred by a social service"),
    },
}

"""The tables of the directory, one file a matter."""

from entaxis.directory.models.callbacks import Callback, CallbackNumber
from entaxis.directory.models.claims import Claim, ClaimPaper
from entaxis.directory.models.completeness import KindCompleteness
from entaxis.directory.models.confirmations import ConfirmationRound
from entaxis.directory.models.contacts import Contact
from entaxis.directory.models.duplicates import Merge, Resemblance
from entaxis.directory.models.hours import HoursException, LocalHoliday, OpeningHours
from entaxis.directory.models.imports import ImportedRow, ImportRun, ImportSource
from entaxis.directory.models.reports import ErrorReport
from entaxis.directory.models.sealed import ConfidentialPlace, ConfidentialReading
from entaxis.directory.models.search import SearchChange, SearchDocument
from entaxis.directory.models.services import Eligibility, ServiceOffer
from entaxis.directory.models.structures import Structure
from entaxis.directory.models.upkeep import Proposal, ProposalStep, StructureGrant

from entaxis.directory.network import models as network  # isort: skip  # it points at structures

__all__ = [
    "Callback",
    "CallbackNumber",
    "Claim",
    "ClaimPaper",
    "ConfidentialPlace",
    "ConfidentialReading",
    "ConfirmationRound",
    "Contact",
    "Eligibility",
    "ErrorReport",
    "HoursException",
    "ImportRun",
    "ImportSource",
    "ImportedRow",
    "KindCompleteness",
    "LocalHoliday",
    "Merge",
    "OpeningHours",
    "Proposal",
    "ProposalStep",
    "Resemblance",
    "SearchChange",
    "SearchDocument",
    "ServiceOffer",
    "Structure",
    "StructureGrant",
    "network",
]

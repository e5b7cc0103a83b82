"""The tables of the network, one file a matter."""

from entaxis.directory.network.models.bodies import BodyProfile
from entaxis.directory.network.models.letters import Letter
from entaxis.directory.network.models.notices import Notice, NoticeFile
from entaxis.directory.network.models.pieces import (
    Network,
    NetworkMember,
    NetworkStep,
    Practice,
    PracticeStep,
    VolunteerRequest,
    VolunteerRequestStep,
)
from entaxis.directory.network.models.volunteering import Introduction, VolunteerOffer

__all__ = [
    "BodyProfile",
    "Introduction",
    "Letter",
    "Network",
    "NetworkMember",
    "NetworkStep",
    "Notice",
    "NoticeFile",
    "Practice",
    "PracticeStep",
    "VolunteerOffer",
    "VolunteerRequest",
    "VolunteerRequestStep",
]

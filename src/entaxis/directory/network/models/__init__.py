"""The tables of the network, one file a matter."""

from entaxis.directory.network.models.bodies import BodyProfile
from entaxis.directory.network.models.letters import Letter

__all__ = ["BodyProfile", "Letter"]

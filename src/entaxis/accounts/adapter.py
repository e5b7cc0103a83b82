"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs themselves up yet: people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: accounts are made by a region's administrator."""
        return False

"""Whose network address a request comes from, behind as many proxies as the environment names."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

OF_A_HOUSEHOLD: Final = 64  # leading bits of an IPv6 address, which one household has to itself


def of_client(request: HttpRequest) -> str:
    """The client's address, believed as far as our own proxies wrote it.

    Every proxy appends the address it was called from to X-Forwarded-For, so with ``n`` of our own the
    ``n``-th from the right was written by the outermost of them; what stands left of it may be invented.
    """
    written = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    believed = written[-proxies].strip() if 0 < proxies <= len(written) else direct
    return believed if _is_address(believed) else direct


def place_of(request: HttpRequest) -> str:
    """Where the client is, for counting: its address, or the network of a household."""
    address = of_client(request)
    parsed = ip_address(address) if _is_address(address) else None
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, OF_A_HOUSEHOLD), strict=False))
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""Which region a host serves."""

from django.conf import settings
from django.http import Http404, HttpRequest

from entaxis.core.kept import kept
from entaxis.geography.models import Area


def code_of(host: str) -> str:
    """NUTS code of the region that ``host`` (with or without a port) serves."""
    name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host
    code: str = settings.REGION_HOSTS.get(name, settings.DEFAULT_REGION)
    return code


def of_request(request: HttpRequest) -> Area:
    """The region of this request's host; 404 where the region is not loaded."""
    code = code_of(request.get_host())
    region = kept(f"geography.region.{code}", lambda: Area.objects.regions().filter(code=code).first())
    if region is None:
        raise Http404
    return region

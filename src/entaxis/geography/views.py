"""HTTP for the outlines: vector tiles."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response

from entaxis.geography import regions, tiles

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
FOR_EVER = "public, max-age=31536000, immutable"


def tile(request: HttpRequest, version: str, layer: str, **place: int) -> HttpResponseBase:
    """One tile of a layer in a version, kept by whoever asked for ever."""
    region_code = regions.code_of(request.get_host())
    z, x, y = place["z"], place["x"], place["y"]
    content = tiles.tile(layer, region_code, version, (z, x, y))
    if content is None:
        return _newer(region_code, version, layer, (z, x, y))
    etag = f'"{region_code}-{version}-{layer}-{z}-{x}-{y}"'
    response = HttpResponse(content, content_type=CONTENT_TYPE, headers={"ETag": etag})
    response["Cache-Control"] = FOR_EVER
    return get_conditional_response(request, etag=etag, response=response) or response


def _newer(region_code: str, version: str, layer: str, place: tiles.Place) -> HttpResponseBase:
    """Where a map that was open while the layer changed finds its tile now.

    Raises:
        Http404: there never was such a version, layer or place.
    """
    newer = tiles.newer_version(layer, region_code, version)
    if newer is None or not tiles.is_place(place):
        raise Http404
    response = HttpResponseRedirect(reverse("tile", args=(newer, layer, *place)))
    response["Cache-Control"] = "no-store"
    return response

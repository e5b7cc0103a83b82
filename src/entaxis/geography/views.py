"""HTTP for the outlines: vector tiles."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from entaxis.geography import regions, tiles

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
FOR_EVER = "public, max-age=31536000, immutable"


def tile(request: HttpRequest, version: str, layer: str, **place: int) -> HttpResponse:
    """One tile of a layer in a version, kept by whoever asked for ever."""
    region_code = regions.code_of(request.get_host())
    z, x, y = place["z"], place["x"], place["y"]
    content = tiles.tile(layer, region_code, version, (z, x, y))
    if content is None:
        raise Http404
    etag = f'"{region_code}-{version}-{layer}-{z}-{x}-{y}"'
    response: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = FOR_EVER
    return response

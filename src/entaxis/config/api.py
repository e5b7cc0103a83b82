"""The public interface: one description, a router for each room that answers."""

from ninja import NinjaAPI

api = NinjaAPI(
    title="Entaxis",
    version="1",
    urls_namespace="api",
    description="The open interface of a Regional Observatory of Social Inclusion.",
    docs_url=None,
)

"""Addresses of those who publish, and of what they send, below a language."""

from django.urls import path

from entaxis.strategy.publications import files, office

app_name = "publishing"
ITEM = "office/publishing/<slug:family>/<uuid:pk>/"
urlpatterns = [
    path("office/publishing/", office.space, name="space"),
    path("office/publishing/queue/", office.queue, name="queue"),
    path("office/publishing/<slug:family>/new/", office.new, name="new"),
    path(ITEM, office.item, name="item"),
    path(f"{ITEM}write/", office.write, name="write"),
    path(f"{ITEM}step/", office.step, name="step"),
    path(f"{ITEM}change/", office.propose, name="propose"),
    path(f"{ITEM}discard/", office.discard, name="discard"),
    path(f"{ITEM}media/", office.media, name="media"),
    path("published/<slug:family>/<uuid:pk>.webp", files.picture, name="picture"),
    path("published/<slug:family>/<uuid:pk>/file", files.document, name="document"),
]

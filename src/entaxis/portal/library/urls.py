"""Addresses of the library, below /el/documentation/library/ and – for the staff – /el/office/library/."""

from django.urls import path

from entaxis.portal.library import office, views
from entaxis.portal.library.feeds import StudiesFeed

app_name = "library"
PUBLIC, OFFICE = "documentation/library/", "office/library/"
urlpatterns = [
    path(PUBLIC, views.index, name="index"),
    path(f"{PUBLIC}feed.atom", StudiesFeed(), name="feed-download"),
    path(f"{PUBLIC}<uuid:pk>/", views.study, name="study"),
    path(f"{PUBLIC}<uuid:pk>/v<int:number>.pdf", views.download, name="study-download"),
    path(f"{PUBLIC}<uuid:pk>/cite.bib", views.cite, name="cite-download"),
    path(OFFICE, office.studies, name="office-studies"),
    path(f"{OFFICE}new/", office.new, name="office-new"),
    path(f"{OFFICE}<uuid:pk>/", office.study, name="office-study"),
    path(f"{OFFICE}<uuid:pk>/facts/", office.facts, name="office-facts"),
    path(f"{OFFICE}<uuid:pk>/files/", office.add_file, name="office-add-file"),
    path(f"{OFFICE}<uuid:pk>/v<int:number>.pdf", office.download, name="office-download"),
    path(f"{OFFICE}<uuid:pk>/status/", office.status, name="office-status"),
    path(f"{OFFICE}<uuid:pk>/history/", office.history, name="office-history"),
]

"""Addresses of the social profiles, below /el/profiles/."""

from django.urls import path

from entaxis.maps import office
from entaxis.maps import profile_views as views

app_name = "profiles"
urlpatterns = [
    path("", views.index, name="index"),
    path("office/", office.printing, name="office"),
    path("<slug:code>/", views.profile_page, name="profile"),
    path("<slug:code>.pdf", views.profile_pdf, name="pdf"),
]

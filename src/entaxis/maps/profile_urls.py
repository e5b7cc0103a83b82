"""Addresses of the social profiles, below /el/profiles/."""

from django.urls import path

from entaxis.maps import profile_views as views

app_name = "profiles"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.profile_page, name="profile"),
]

"""Addresses of the room: people and bodies for those who administer, one's own account, coming in."""

from django.urls import path

from entaxis.accounts.gsis import views as gsis
from entaxis.accounts.views import desk, invitations, me, people, recovery, requests

app_name = "accounts"
MEMBERSHIP = "people/memberships/<int:pk>/"
INVITATION = "people/invitations/<uuid:pk>/"
urlpatterns = [
    path("people/", people.places, name="places"),
    path("people/region/", people.people, name="region-people"),
    path("people/region/invite/", people.invite, name="region-invite"),
    path("people/municipalities/<str:code>/", people.people, name="municipality-people"),
    path("people/municipalities/<str:code>/invite/", people.invite, name="municipality-invite"),
    path("people/bodies/<uuid:pk>/", people.people, name="body-people"),
    path("people/bodies/<uuid:pk>/invite/", people.invite, name="body-invite"),
    path("people/bodies/<uuid:pk>/dissolve/", people.dissolve, name="dissolve"),
    path(f"{MEMBERSHIP}role/", people.role, name="role"),
    path(f"{MEMBERSHIP}end/", people.end, name="end"),
    path(f"{MEMBERSHIP}recovery/", recovery.ask, name="recovery-ask"),
    path("people/recoveries/<uuid:pk>/", recovery.decide, name="recovery"),
    path(f"{INVITATION}again/", people.invitation_again, name="invitation-again"),
    path(f"{INVITATION}withdraw/", people.invitation_withdraw, name="invitation-withdraw"),
    path("people/requests/", requests.requests, name="requests"),
    path("people/requests/<uuid:pk>/", requests.decide, name="request"),
    path("people/requests/<uuid:pk>/evidence/", requests.evidence, name="evidence"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("join/", invitations.join, name="join"),
    path("join/<str:token>/", invitations.join_with, name="join-with"),
    path("gsis/<slug:slug>/", gsis.begin, name="gsis"),
    path("gsis/<slug:slug>/left/", gsis.left, name="gsis-left"),
    path("office/", desk.desk, name="desk"),
    path("me/", me.me, name="me"),
    path("me/gsis/", gsis.ties, name="gsis-links"),
    path("me/gsis/<slug:slug>/", gsis.tie, name="gsis-tie"),
    path("me/export/", me.export, name="export"),
    path("me/delete/", me.delete, name="delete"),
    path("me/memberships/<int:pk>/leave/", me.leave, name="leave"),
    path("me/requests/new/", requests.ask, name="ask"),
    path("me/requests/<uuid:pk>/withdraw/", requests.withdraw, name="request-withdraw"),
]

"""Addresses of the network, below /el/network/ and – for those who work there – /el/office/network/."""

from django.urls import path

from entaxis.directory.network.views import bodies, mine, office

app_name = "network"
PUBLIC, OFFICE = "network/", "office/network/"
urlpatterns = [
    path(PUBLIC, bodies.index, name="index"),
    path(f"{PUBLIC}bodies/", bodies.bodies, name="bodies"),
    path(f"{PUBLIC}bodies/<uuid:pk>/", bodies.body, name="body"),
    path(f"{PUBLIC}bodies/<uuid:pk>/write/", bodies.write, name="write"),
    path(f"{PUBLIC}mine/", mine.mine, name="mine"),
    path(f"{PUBLIC}mine/<slug:name>/<uuid:pk>/delete/", mine.delete, name="mine-delete"),
    path(f"{PUBLIC}forget/<str:token>/", mine.forget, name="forget"),
    path(OFFICE, office.office, name="office"),
    path(f"{OFFICE}bodies/<uuid:pk>/", office.profile, name="office-profile"),
    path(f"{OFFICE}letters/", office.inbox, name="office-letters"),
    path(f"{OFFICE}letters/<uuid:pk>/", office.letter, name="office-letter"),
]

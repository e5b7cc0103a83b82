"""Addresses of the network, below /el/network/ and – for those who work there – /el/office/network/."""

from django.urls import path

from entaxis.directory.network.pieces import SORTS
from entaxis.directory.network.views import (
    board,
    bodies,
    mine,
    office,
    pieces,
    reading,
    vetting,
    volunteering,
)

app_name = "network"
PUBLIC, OFFICE = "network/", "office/network/"
urlpatterns = [
    path(PUBLIC, bodies.index, name="index"),
    path(f"{PUBLIC}bodies/", bodies.bodies, name="bodies"),
    path(f"{PUBLIC}bodies/<uuid:pk>/", bodies.body, name="body"),
    path(f"{PUBLIC}bodies/<uuid:pk>/write/", bodies.write, name="write"),
    path(f"{PUBLIC}bodies/<uuid:pk>/does/<slug:key>/", bodies.part, name="body-part"),
    path(f"{PUBLIC}mine/", mine.mine, name="mine"),
    path(f"{PUBLIC}mine/<slug:name>/<uuid:pk>/delete/", mine.delete, name="mine-delete"),
    path(f"{PUBLIC}forget/<str:token>/", mine.forget, name="forget"),
    path(f"{PUBLIC}volunteering/", volunteering.requests, name="requests"),
    path(f"{PUBLIC}volunteering/offer/", volunteering.offer, name="offer"),
    path(f"{PUBLIC}volunteering/sent/", volunteering.sent, name="volunteer-sent"),
    path(f"{PUBLIC}volunteering/confirm/<str:token>/", volunteering.confirm, name="confirm"),
    path(f"{PUBLIC}volunteering/invited/<str:token>/", volunteering.invited, name="invited"),
    path(f"{PUBLIC}volunteering/<uuid:pk>/", volunteering.request_page, name="request"),
    path(f"{PUBLIC}volunteering/<uuid:pk>/write/", volunteering.answer, name="request-write"),
    path(f"{PUBLIC}practices/", reading.practices, name="practices"),
    path(f"{PUBLIC}practices/<uuid:pk>/", reading.practice, name="practice"),
    path(f"{PUBLIC}networks/", reading.networks, name="networks"),
    path(f"{PUBLIC}networks/<uuid:pk>/", reading.network, name="network"),
    path(OFFICE, office.office, name="office"),
    path(f"{OFFICE}bodies/<uuid:pk>/", office.profile, name="office-profile"),
    path(f"{OFFICE}letters/", office.inbox, name="office-letters"),
    path(f"{OFFICE}letters/<uuid:pk>/", office.letter, name="office-letter"),
    path(f"{OFFICE}volunteers/", vetting.introductions, name="office-introductions"),
    path(f"{OFFICE}volunteers/<uuid:pk>/", vetting.introduction, name="office-introduction"),
    path(f"{OFFICE}vetting/", vetting.to_check, name="office-vetting"),
    path(f"{OFFICE}vetting/<slug:name>/<uuid:pk>/", vetting.vet, name="office-vet"),
    path(f"{OFFICE}review/", pieces.waiting, name="office-review"),
    *(
        path(f"{OFFICE}texts/{sort}/", pieces.listed, {"sort": sort}, name=f"office-{sort}")
        for sort in SORTS
    ),
    path(f"{OFFICE}texts/<slug:sort>/new/", pieces.new, name="office-new-piece"),
    path(f"{OFFICE}texts/<slug:sort>/<uuid:pk>/", pieces.piece, name="office-piece"),
    path(f"{OFFICE}texts/<slug:sort>/<uuid:pk>/edit/", pieces.edit, name="office-edit-piece"),
    path(f"{OFFICE}matches/<uuid:pk>/", vetting.matches, name="office-matches"),
    path(f"{OFFICE}members/<uuid:pk>/", board.network_members, name="office-members"),
    path(f"{OFFICE}joining/", board.joined, name="office-joining"),
    path(f"{OFFICE}joining/<int:number>/", board.member, name="office-member"),
    path(f"{OFFICE}board/", board.board, name="office-board"),
    path(f"{OFFICE}board/new/", board.new, name="office-new-notice"),
    path(f"{OFFICE}board/<uuid:pk>/take-down/", board.take_down, name="office-take-down"),
    path(f"{OFFICE}board/<uuid:pk>/files/<int:number>/", board.download, name="office-notice-download"),
]

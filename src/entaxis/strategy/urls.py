"""Addresses of the actions, below /el/strategy/."""

from django.urls import path

from entaxis.strategy import views

app_name = "strategy"
urlpatterns = [
    path("actions/", views.actions, name="actions"),
    path("actions/<slug:slug>/card.png", views.card, name="card"),
    path("actions/<slug:slug>/", views.action, name="action"),
]

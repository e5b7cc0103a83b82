"""Addresses of news, below /el/news/."""

from django.urls import path

from entaxis.portal.news import views

app_name = "news"
urlpatterns = [
    path("", views.news, name="list"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:year>/<int:number>/", views.calendar, name="month"),
    path("feed/", views.feed, name="feed"),
    path("events/", views.events_ics, name="events"),
    path("card/<slug:slug>.png", views.card, name="card"),
    path("<slug:slug>/", views.item, name="item"),
    path("<slug:slug>/event.ics", views.event_ics, name="event"),
]

"""Addresses of messages and subscriptions, below a language."""

from django.urls import path

from entaxis.notifications import views

app_name = "notifications"
urlpatterns = [
    path("messages/", views.centre, name="centre"),
    path("messages/<uuid:pk>/read/", views.read, name="read"),
    path("messages/read/", views.read_all, name="read-all"),
    path("messages/preferences/", views.preferences, name="preferences"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe-sent"),
    path("subscribe/confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscribe/leave/<str:token>/", views.leave, name="leave"),
    path("office/mail/", views.trouble, name="trouble"),
    path("office/mail/again/", views.again_all, name="again-all"),
    path("office/mail/<uuid:pk>/again/", views.again, name="again"),
    path("demo-mail/", views.demonstration_mail, name="demonstration-mail"),
]

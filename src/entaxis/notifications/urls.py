"""Addresses of messages and subscriptions, below a language."""

from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = []

"""The address of the dashboard, /el/office/dashboard/."""

from django.urls import path

from entaxis.maps import dashboard_views

app_name = "dashboard"
urlpatterns = [path("", dashboard_views.page, name="page")]

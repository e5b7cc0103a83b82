"""Addresses of the social maps, below /el/maps/."""

from django.urls import path

from entaxis.maps import beside_views as beside
from entaxis.maps import comparison_views as comparison
from entaxis.maps import indicator_views as indicators
from entaxis.maps import together_views as together
from entaxis.maps import views
from entaxis.maps.coverage import views as coverage

app_name = "maps"
urlpatterns = [
    path("", views.index, name="index"),
    path("structures/", views.structures_page, name="structures"),
    path("structures.svg", views.structures_svg, name="structures-svg"),
    path("structures.png", views.structures_png, name="structures-png"),
    path("structures.csv", views.structures_csv, name="structures-csv"),
    path("structures.xlsx", views.structures_xlsx, name="structures-xlsx"),
    path("structures.geojson", views.structures_geojson, name="structures-geojson"),
    path("indicators/", indicators.page, name="indicators"),
    path("indicators/embed/", indicators.embed, name="indicators-embed"),
    path("indicators.svg", indicators.svg, name="indicators-svg"),
    path("indicators.png", indicators.png, name="indicators-png"),
    path("indicators.geojson", indicators.geo_json, name="indicators-geojson"),
    path("indicators/areas.geojson", indicators.areas, name="indicators-areas"),
    path("indicators/thumbnail.svg", indicators.thumbnail, name="indicators-thumbnail"),
    path("indicators.csv", indicators.csv, name="indicators-csv"),
    path("indicators.xlsx", indicators.xlsx, name="indicators-xlsx"),
    path("together/", together.page, name="together"),
    path("together.svg", together.svg, name="together-svg"),
    path("together.png", together.png, name="together-png"),
    path("together.csv", together.csv, name="together-csv"),
    path("together.xlsx", together.xlsx, name="together-xlsx"),
    path("beside/", beside.page, name="beside"),
    path("beside.csv", beside.csv, name="beside-csv"),
    path("beside.xlsx", beside.xlsx, name="beside-xlsx"),
    path("coverage/", coverage.page, name="coverage"),
    path("coverage.svg", coverage.svg, name="coverage-svg"),
    path("coverage.png", coverage.png, name="coverage-png"),
    path("coverage.geojson", coverage.geo_json, name="coverage-geojson"),
    path("coverage.csv", coverage.csv, name="coverage-csv"),
    path("coverage.xlsx", coverage.xlsx, name="coverage-xlsx"),
    path("ranking/", comparison.ranking, name="ranking"),
    path("ranking.csv", comparison.ranking_csv, name="ranking-csv"),
    path("ranking.xlsx", comparison.ranking_xlsx, name="ranking-xlsx"),
    path("comparison/", comparison.compare, name="comparison"),
    path("comparison.csv", comparison.compare_csv, name="comparison-csv"),
    path("comparison.xlsx", comparison.compare_xlsx, name="comparison-xlsx"),
]

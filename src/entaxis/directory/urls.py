"""Addresses of the directory, below /el/structures/ and – for the staff – /el/office/structures/."""

from django.urls import path

from entaxis.directory import confirmation_views as confirmation
from entaxis.directory import search_views, views
from entaxis.directory.callbacks import office as callback_office
from entaxis.directory.callbacks import views as callback_page
from entaxis.directory.importing import urls as importing
from entaxis.directory.office import claims, duplicates, holidays, keeping, parts, phrases, places, queues
from entaxis.directory.office import views as office

app_name = "directory"
ENTRY = "office/structures/<uuid:pk>/"
urlpatterns = [
    path("structures/", search_views.search, name="search"),
    path("structures/counts/", views.counts, name="counts"),
    path("structures/counts.csv", views.counts_csv, name="counts-csv"),
    path("structures/counts.xlsx", views.counts_xlsx, name="counts-xlsx"),
    path("structures/freshness/", views.freshness, name="freshness"),
    path("structures/freshness.csv", views.freshness_csv, name="freshness-csv"),
    path("callback/", callback_page.ask, name="callback"),
    path("callback/<str:token>/", callback_page.asked, name="callback-asked"),
    path("office/callbacks/", callback_office.index, name="office-callbacks"),
    path("office/callbacks/<uuid:pk>/", callback_office.call, name="office-callback"),
    path("structures/confirm/<str:token>/", confirmation.confirm, name="confirm-by-mail"),
    path("structures/<uuid:pk>/", views.structure, name="structure"),
    path("structures/<uuid:pk>/report/", views.report_error, name="report-error"),
    path("office/structures/", office.structures, name="office-structures"),
    path("office/structures/new/", office.new, name="office-new"),
    path("office/structures/mine/", keeping.mine, name="office-mine"),
    path("office/structures/proposals/", keeping.waiting, name="office-proposals"),
    path("office/structures/reports/", queues.reports, name="office-reports"),
    path("office/structures/reports/<int:pk>/", queues.report, name="office-report"),
    path("structures/<uuid:pk>/claim/", claims.ask, name="claim"),
    path("office/structures/claims/", claims.claims, name="office-claims"),
    path("office/structures/claims/<uuid:pk>/", claims.decide, name="office-claim"),
    path("office/structures/claims/<uuid:pk>/paper/", claims.paper, name="office-claim-paper"),
    path("office/structures/claims/<uuid:pk>/withdraw/", claims.withdraw, name="office-claim-withdraw"),
    path("office/structures/duplicates/", duplicates.queue, name="office-duplicates"),
    path("office/structures/duplicates/<int:pk>/", duplicates.pair, name="office-duplicate"),
    path("office/structures/completeness/", queues.completeness, name="office-completeness"),
    path("office/phrases/", phrases.index, name="office-phrases"),
    path("office/phrases/new/", phrases.new, name="office-new-phrase"),
    path("office/phrases/try/", phrases.try_out, name="office-phrases-try"),
    path("office/phrases/history/", phrases.history, name="office-phrases-history"),
    path("office/phrases/history/<uuid:step>/undo/", phrases.undo, name="office-phrases-undo"),
    path("office/phrases/<int:pk>/", phrases.edit, name="office-phrase"),
    path("office/phrases/<int:pk>/remove/", phrases.remove, name="office-phrase-remove"),
    path("office/phrases/<int:pk>/restore/", phrases.restore, name="office-phrase-restore"),
    path("office/holidays/", holidays.index, name="office-holidays"),
    path("office/holidays/<int:pk>/", holidays.edit, name="office-holiday"),
    path("office/holidays/<int:pk>/remove/", holidays.remove, name="office-holiday-remove"),
    path("office/holidays/history/", holidays.changes, name="office-holidays-history"),
    path(ENTRY, office.structure, name="office-structure"),
    path(f"{ENTRY}facts/", office.facts, name="office-facts"),
    path(f"{ENTRY}status/", office.status, name="office-status"),
    path(f"{ENTRY}confirm/", office.confirm, name="office-confirm"),
    path(f"{ENTRY}history/", office.changes, name="office-history"),
    path(f"{ENTRY}hours/", parts.hours, name="office-hours"),
    path(f"{ENTRY}contacts/", parts.contacts, name="office-contacts"),
    path(f"{ENTRY}services/new/", parts.new_offer, name="office-new-offer"),
    path(f"{ENTRY}services/<uuid:offer_pk>/", parts.offer, name="office-offer"),
    path(f"{ENTRY}services/<uuid:offer_pk>/remove/", parts.remove_offer, name="office-remove-offer"),
    path(f"{ENTRY}propose/", keeping.propose, name="office-propose"),
    path(f"{ENTRY}step/", keeping.step, name="office-step"),
    path(f"{ENTRY}keepers/", keeping.keepers_page, name="office-keepers"),
    path(f"{ENTRY}review/", keeping.decide, name="office-review"),
    path(f"{ENTRY}compare/", duplicates.compare, name="office-compare"),
    path(f"{ENTRY}place/", places.place, name="office-place"),
    path(f"{ENTRY}hide/", places.hide, name="office-hide"),
    *importing.urlpatterns,
]

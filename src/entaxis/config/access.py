"""Who may use which address with which method: the whole matrix, and the middleware that holds it.

A new route takes one row here: its name (``namespace:name``, as ``reverse`` takes it), the methods it
answers (HEAD goes with GET) and the lowest role that may use it in the region of the host. What is not
declared is not served, and `tests/config/test_access.py` says which row is missing.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from entaxis.accounts import doors
from entaxis.accounts.rules import Role
from entaxis.config import errors

VISITOR: Final = Role.VISITOR
SIGNED_IN: Final = Role.SIGNED_IN
BODY_MEMBER: Final = Role.BODY_MEMBER
EDITOR: Final = Role.EDITOR
REGION_ADMINISTRATOR: Final = Role.REGION_ADMINISTRATOR
ADMINISTRATOR: Final = Role.ADMINISTRATOR

Row = tuple[str, Role]

ROUTES: Final[dict[str, Row]] = {
    # --- the process ------------------------------------------------------------------------------
    "health-live": ("GET", VISITOR),
    "health-ready": ("GET", VISITOR),
    # --- what every room stands on ----------------------------------------------------------------
    "design": ("GET", VISITOR),
    # --- outlines ---------------------------------------------------------------------------------
    "tile": ("GET", VISITOR),
    # --- pages ------------------------------------------------------------------------------------
    "wagtail_serve": ("GET", VISITOR),
    "emergency": ("GET", VISITOR),
    "rights": ("GET", VISITOR),
    "site-search": ("GET", VISITOR),
    "sheets": ("GET", VISITOR),
    "sheet": ("GET", VISITOR),
    "picture": ("GET", VISITOR),
    "robots": ("GET", VISITOR),
    "sitemap": ("GET", VISITOR),
    # --- where those who work here begin; each task asks for itself ---------------------------------
    "accounts:desk": ("GET", SIGNED_IN),
    # --- the library ------------------------------------------------------------------------------
    "library:index": ("GET", VISITOR),
    "library:feed-download": ("GET", VISITOR),
    "library:study": ("GET", VISITOR),
    "library:study-download": ("GET", VISITOR),
    "library:cite-download": ("GET", VISITOR),
    "library:office-studies": ("GET", EDITOR),
    "library:office-new": ("GET POST", EDITOR),
    "library:office-study": ("GET", EDITOR),
    "library:office-facts": ("GET POST", EDITOR),
    "library:office-add-file": ("POST", EDITOR),
    "library:office-download": ("GET", EDITOR),
    "library:office-status": ("POST", EDITOR),
    "library:office-history": ("GET", EDITOR),
    # --- the organisation chart -------------------------------------------------------------------
    "organisation:chart": ("GET", EDITOR),
    "organisation:new": ("GET POST", EDITOR),
    "organisation:unit": ("GET POST", EDITOR),
    "organisation:remove": ("POST", EDITOR),
    "organisation:undo": ("POST", EDITOR),
    # --- how a region presents itself; every row is looked up by the host's region ----------------
    "office-brand": ("GET POST", REGION_ADMINISTRATOR),
    "office-help-lines": ("GET POST", REGION_ADMINISTRATOR),
    "office-help-line": ("GET POST", REGION_ADMINISTRATOR),
    "office-help-line-remove": ("POST", REGION_ADMINISTRATOR),
    "office-untranslated": ("GET", EDITOR),
    "office-translations": ("GET POST", REGION_ADMINISTRATOR),
    "office-translation-remove": ("POST", REGION_ADMINISTRATOR),
    # --- social maps ------------------------------------------------------------------------------
    "maps:index": ("GET", VISITOR),
    "maps:structures": ("GET", VISITOR),
    "maps:structures-svg": ("GET", VISITOR),
    "maps:structures-png": ("GET", VISITOR),
    "maps:structures-csv": ("GET", VISITOR),
    "maps:structures-xlsx": ("GET", VISITOR),
    "maps:structures-geojson": ("GET", VISITOR),
    "maps:indicators": ("GET", VISITOR),
    "maps:indicators-embed": ("GET", VISITOR),  # the one page that other sites may show in a frame
    "maps:indicators-svg": ("GET", VISITOR),
    "maps:indicators-png": ("GET", VISITOR),
    "maps:indicators-geojson": ("GET", VISITOR),
    "maps:indicators-areas": ("GET", VISITOR),
    "maps:indicators-thumbnail": ("GET", VISITOR),
    "maps:indicators-csv": ("GET", VISITOR),
    "maps:indicators-xlsx": ("GET", VISITOR),
    "maps:together": ("GET", VISITOR),
    "maps:together-svg": ("GET", VISITOR),
    "maps:together-png": ("GET", VISITOR),
    "maps:together-csv": ("GET", VISITOR),
    "maps:together-xlsx": ("GET", VISITOR),
    "maps:beside": ("GET", VISITOR),
    "maps:beside-csv": ("GET", VISITOR),
    "maps:beside-xlsx": ("GET", VISITOR),
    "maps:coverage": ("GET", VISITOR),
    "maps:coverage-svg": ("GET", VISITOR),
    "maps:coverage-png": ("GET", VISITOR),
    "maps:coverage-geojson": ("GET", VISITOR),
    "maps:coverage-csv": ("GET", VISITOR),
    "maps:coverage-xlsx": ("GET", VISITOR),
    "maps:ranking": ("GET", VISITOR),
    "maps:ranking-csv": ("GET", VISITOR),
    "maps:ranking-xlsx": ("GET", VISITOR),
    "maps:comparison": ("GET", VISITOR),
    "maps:comparison-csv": ("GET", VISITOR),
    "maps:comparison-xlsx": ("GET", VISITOR),
    "profiles:index": ("GET", VISITOR),
    "profiles:profile": ("GET", VISITOR),
    "profiles:pdf": ("GET", VISITOR),
    "dashboard:page": ("GET", BODY_MEMBER),
    "profiles:office": ("GET POST", EDITOR),
    # --- figures ----------------------------------------------------------------------------------
    "indicators:index": ("GET", VISITOR),
    "indicators:indicator": ("GET", VISITOR),
    "indicators:table": ("GET", VISITOR),
    "indicators:table-file": ("GET", VISITOR),
    "indicators:figure": ("GET", VISITOR),
    "indicators:method": ("GET", VISITOR),
    "indicators:groups": ("GET", VISITOR),
    "indicators:group": ("GET", VISITOR),
    "indicators:releases": ("GET", VISITOR),
    "indicators:release": ("GET", VISITOR),
    "indicators:recipes": ("GET", VISITOR),
    "indicators:recipe": ("GET", VISITOR),
    "indicators:pockets": ("GET", VISITOR),
    "indicators:pocket": ("GET", VISITOR),
    "indicators:office-pockets": ("GET POST", BODY_MEMBER),  # beginning one: editors (pocket_views)
    "indicators:office-pocket": ("GET POST", BODY_MEMBER),  # comments: who writes for a municipality
    "indicators:office-pocket-step": ("POST", EDITOR),
    "indicators:office-recipes": ("GET", EDITOR),
    "indicators:office-run-recipe": ("POST", EDITOR),
    "indicators:office-recipe-file": ("GET", EDITOR),
    "indicators:office-new-recipe": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-recipe-version": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-recipe-put-right": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:recompute": ("GET POST", EDITOR),
    "indicators:office-releases": ("GET", EDITOR),
    "indicators:office-release": ("GET", EDITOR),
    "indicators:office-figures": ("GET", EDITOR),
    "indicators:office-figures-file": ("GET", EDITOR),
    "indicators:office-findings-file": ("GET", EDITOR),
    "indicators:office-step": ("POST", EDITOR),
    "indicators:office-withdraw": ("GET POST", EDITOR),
    "indicators:office-progress": ("GET", EDITOR),
    "indicators:office-propose": ("GET POST", EDITOR),
    "indicators:office-phenomena": ("GET POST", EDITOR),
    # the catalogue is one for all regions
    "indicators:office-catalogue": ("GET", REGION_ADMINISTRATOR),
    "indicators:office-new-indicator": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-indicator": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-new-version": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-version": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-new-target": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-target": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-country": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-country-removed": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-country-figure": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-country-remove": ("GET POST", REGION_ADMINISTRATOR),
    "indicators:office-editions": ("GET", EDITOR),
    "indicators:office-upload-edition": ("POST", EDITOR),
    "indicators:office-upload": ("GET", EDITOR),
    "indicators:office-upload-progress": ("GET", EDITOR),
    "indicators:office-estimate": ("GET POST", EDITOR),
    # --- news and actions -------------------------------------------------------------------------
    "news:list": ("GET", VISITOR),
    "news:calendar": ("GET", VISITOR),
    "news:month": ("GET", VISITOR),
    "news:feed": ("GET", VISITOR),
    "news:events": ("GET", VISITOR),
    "news:card": ("GET", VISITOR),
    "news:item": ("GET", VISITOR),
    "news:event": ("GET", VISITOR),
    "strategy:actions": ("GET", VISITOR),
    "strategy:action": ("GET", VISITOR),
    "strategy:card": ("GET", VISITOR),
    "publishing:picture": ("GET", VISITOR),  # of what is public; drafts' to those who write them
    "publishing:document": ("GET", VISITOR),
    # SIGNED_IN: those who write for a body or keep a structure (strategy.publications.rules)
    "publishing:space": ("GET", SIGNED_IN),
    "publishing:queue": ("GET", EDITOR),
    "publishing:new": ("GET POST", SIGNED_IN),
    "publishing:item": ("GET", SIGNED_IN),
    "publishing:write": ("GET POST", SIGNED_IN),
    "publishing:step": ("POST", SIGNED_IN),
    "publishing:propose": ("POST", SIGNED_IN),
    "publishing:discard": ("POST", SIGNED_IN),
    "publishing:media": ("GET POST", SIGNED_IN),
    # --- the public interface ---------------------------------------------------------------------
    "api:api-root": ("GET", VISITOR),
    "api:openapi-json": ("GET", VISITOR),
    "api:structures-search": ("POST", VISITOR),
    "api:structures-points": ("POST", VISITOR),
    "api:structures-counts": ("GET", VISITOR),
    "api:vocabulary": ("GET", VISITOR),
    "api:indicators": ("GET", VISITOR),
    "api:observations": ("GET", VISITOR),
    # --- messages and subscriptions ---------------------------------------------------------------
    "notifications:centre": ("GET", SIGNED_IN),
    "notifications:read": ("POST", SIGNED_IN),
    "notifications:read-all": ("POST", SIGNED_IN),
    "notifications:preferences": ("GET POST", SIGNED_IN),
    "notifications:subscribe": ("GET POST", VISITOR),
    "notifications:subscribe-sent": ("GET", VISITOR),
    "notifications:confirm": ("GET POST", VISITOR),  # the token says what may be confirmed
    "notifications:leave": ("GET POST", VISITOR),  # the token says what may be ended; also RFC 8058
    "notifications:trouble": ("GET", REGION_ADMINISTRATOR),
    "notifications:again": ("POST", REGION_ADMINISTRATOR),
    "notifications:again-all": ("POST", REGION_ADMINISTRATOR),
    "notifications:demonstration-mail": ("GET", ADMINISTRATOR),
    # --- the directory ----------------------------------------------------------------------------
    "directory:search": ("GET POST", VISITOR),
    "directory:counts": ("GET", VISITOR),
    "directory:counts-csv": ("GET", VISITOR),
    "directory:counts-xlsx": ("GET", VISITOR),
    "directory:freshness": ("GET", VISITOR),
    "directory:freshness-csv": ("GET", VISITOR),
    "directory:structure": ("GET", VISITOR),
    "directory:report-error": ("POST", VISITOR),
    "directory:confirm-by-mail": ("GET POST", VISITOR),  # the token says which entry, in which version
    "directory:callback": ("GET POST", VISITOR),
    "directory:callback-asked": ("GET POST", VISITOR),  # the token says which call
    "directory:office-callbacks": (
        "GET",
        BODY_MEMBER,
    ),  # of a municipality or the Observatory (callbacks.queries)
    "directory:office-callback": ("GET POST", BODY_MEMBER),
    # SIGNED_IN: whoever keeps the entry (directory.rules); nobody else finds it
    "directory:office-mine": ("GET", SIGNED_IN),
    "directory:office-propose": ("POST", SIGNED_IN),
    "directory:office-step": ("POST", SIGNED_IN),
    "directory:office-keepers": ("GET POST", EDITOR),
    "directory:office-proposals": ("GET", EDITOR),
    "directory:office-review": ("GET POST", EDITOR),
    "directory:office-structures": ("GET", SIGNED_IN),
    "directory:office-new": ("GET POST", SIGNED_IN),
    "directory:office-reports": ("GET", EDITOR),
    "directory:office-report": ("GET POST", SIGNED_IN),
    "directory:claim": ("GET POST", SIGNED_IN),
    "directory:office-claims": ("GET", EDITOR),
    "directory:office-claim": ("GET POST", EDITOR),
    "directory:office-claim-paper": ("GET", EDITOR),
    "directory:office-claim-withdraw": ("POST", SIGNED_IN),
    "directory:office-duplicates": ("GET", EDITOR),
    "directory:office-duplicate": ("GET POST", EDITOR),
    "directory:office-compare": ("GET POST", EDITOR),
    "directory:office-completeness": ("GET POST", EDITOR),
    "directory:office-structure": ("GET", SIGNED_IN),
    "directory:office-facts": ("GET POST", SIGNED_IN),
    "directory:office-status": ("POST", EDITOR),
    "directory:office-confirm": ("POST", SIGNED_IN),
    "directory:office-history": ("GET", EDITOR),
    "directory:office-hours": ("GET POST", SIGNED_IN),
    "directory:office-contacts": ("GET POST", SIGNED_IN),
    "directory:office-new-offer": ("GET POST", SIGNED_IN),
    "directory:office-offer": ("GET POST", SIGNED_IN),
    "directory:office-remove-offer": ("POST", SIGNED_IN),
    "directory:office-place": ("GET POST", REGION_ADMINISTRATOR),
    "directory:office-hide": ("GET POST", REGION_ADMINISTRATOR),
    # --- the words of the search serve every region: editors propose, administrators decide ------
    "directory:office-phrases": ("GET", EDITOR),
    "directory:office-new-phrase": ("GET POST", EDITOR),
    "directory:office-phrases-try": ("GET POST", EDITOR),
    "directory:office-phrases-history": ("GET", EDITOR),
    "directory:office-phrases-undo": ("POST", REGION_ADMINISTRATOR),
    "directory:office-phrase": ("GET POST", REGION_ADMINISTRATOR),
    "directory:office-phrase-remove": ("POST", REGION_ADMINISTRATOR),
    "directory:office-phrase-restore": ("POST", REGION_ADMINISTRATOR),
    # --- holidays of towns ------------------------------------------------------------------------
    "directory:office-holidays": ("GET POST", EDITOR),
    "directory:office-holiday": ("GET POST", EDITOR),
    "directory:office-holiday-remove": ("POST", EDITOR),
    "directory:office-holidays-history": ("GET", EDITOR),
    # --- structures from tables -------------------------------------------------------------------
    "directory:import": ("GET POST", EDITOR),
    "directory:import-template-csv": ("GET", EDITOR),
    "directory:import-template-xlsx": ("GET", EDITOR),
    "directory:import-run": ("GET", EDITOR),
    "directory:import-headings": ("POST", EDITOR),
    "directory:import-forget": ("POST", EDITOR),
    "directory:import-look": ("POST", EDITOR),
    "directory:import-confirm": ("POST", EDITOR),
    "directory:import-discard": ("POST", EDITOR),
    "directory:import-undo": ("GET POST", EDITOR),
    "directory:import-rejected": ("GET", EDITOR),
    "directory:import-place": ("GET POST", EDITOR),
    "directory:import-picture": ("GET", EDITOR),
    # --- the network: whose body, letter or offer, the views ask `directory.network.rules` ------------
    "network:index": ("GET", VISITOR),
    "network:bodies": ("GET", VISITOR),
    "network:body": ("GET", VISITOR),
    "network:body-part": ("GET", VISITOR),
    "network:write": ("GET POST", VISITOR),
    "network:mine": ("GET", SIGNED_IN),
    "network:mine-delete": ("POST", SIGNED_IN),
    "network:forget": ("GET POST", VISITOR),  # the token says what may be deleted
    "network:requests": ("GET", VISITOR),
    "network:request": ("GET", VISITOR),
    "network:request-write": ("GET POST", VISITOR),
    "network:offer": ("GET POST", VISITOR),
    "network:volunteer-sent": ("GET", VISITOR),
    "network:confirm": ("GET POST", VISITOR),  # the token says what is confirmed
    "network:invited": ("GET POST", VISITOR),  # the token says who is asked for what
    "network:practices": ("GET", VISITOR),
    "network:practice": ("GET", VISITOR),
    "network:networks": ("GET", VISITOR),
    "network:network": ("GET", VISITOR),
    "network:office": ("GET", BODY_MEMBER),
    "network:office-introductions": ("GET", BODY_MEMBER),
    "network:office-introduction": ("GET POST", BODY_MEMBER),
    "network:office-vetting": ("GET", BODY_MEMBER),
    "network:office-vet": ("GET POST", BODY_MEMBER),
    "network:office-review": ("GET", EDITOR),
    "network:office-requests": ("GET", SIGNED_IN),  # also for who keeps one structure (network.http.asking)
    "network:office-practices": ("GET", BODY_MEMBER),
    "network:office-networks": ("GET", BODY_MEMBER),
    "network:office-new-piece": ("GET POST", SIGNED_IN),
    "network:office-piece": ("GET POST", SIGNED_IN),
    "network:office-edit-piece": ("GET POST", SIGNED_IN),
    "network:office-matches": ("GET POST", BODY_MEMBER),
    "network:office-members": ("GET POST", BODY_MEMBER),
    "network:office-joining": ("GET POST", BODY_MEMBER),
    "network:office-member": ("POST", BODY_MEMBER),
    "network:office-board": ("GET", BODY_MEMBER),
    "network:office-new-notice": ("GET POST", BODY_MEMBER),
    "network:office-take-down": ("POST", BODY_MEMBER),
    "network:office-notice-download": ("GET", BODY_MEMBER),
    "network:office-profile": ("GET POST", BODY_MEMBER),
    "network:office-letters": ("GET", BODY_MEMBER),
    "network:office-letter": ("GET POST", BODY_MEMBER),
    # --- sources: files of persons, tables; every row is looked up by the host's region -----------
    "sources:office": ("GET", REGION_ADMINISTRATOR),
    "sources:office-new": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-amounts": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-measures": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-contradictions": ("GET", REGION_ADMINISTRATOR),
    "sources:office-contradiction": ("GET POST", REGION_ADMINISTRATOR),
    # reports of phenomena: municipalities write, editors decide; whose report it is, the view asks
    "sources:office-phenomena": ("GET", BODY_MEMBER),
    "sources:office-new-phenomenon": ("GET POST", BODY_MEMBER),
    "sources:office-phenomenon": ("GET POST", BODY_MEMBER),
    "sources:office-write-phenomenon": ("GET POST", BODY_MEMBER),
    "sources:office-source": ("GET", REGION_ADMINISTRATOR),
    "sources:office-facts": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-reading": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-upload": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-edition": ("GET", REGION_ADMINISTRATOR),
    "sources:office-decide": ("POST", REGION_ADMINISTRATOR),
    "sources:office-in-force": ("POST", REGION_ADMINISTRATOR),
    "sources:office-discard": ("GET POST", REGION_ADMINISTRATOR),
    "sources:office-problems-download": ("GET", REGION_ADMINISTRATOR),
    # --- people and bodies: whose, the views ask `accounts.rules` ---------------------------------
    "accounts:places": ("GET", BODY_MEMBER),
    "accounts:region-people": ("GET", BODY_MEMBER),
    "accounts:region-invite": ("GET POST", BODY_MEMBER),
    "accounts:municipality-people": ("GET", BODY_MEMBER),
    "accounts:municipality-invite": ("GET POST", BODY_MEMBER),
    "accounts:body-people": ("GET", BODY_MEMBER),
    "accounts:body-invite": ("GET POST", BODY_MEMBER),
    "accounts:dissolve": ("GET POST", BODY_MEMBER),
    "accounts:role": ("GET POST", BODY_MEMBER),
    "accounts:end": ("GET POST", BODY_MEMBER),
    "accounts:recovery-ask": ("GET POST", BODY_MEMBER),
    "accounts:recovery": ("GET POST", BODY_MEMBER),
    "accounts:invitation-again": ("POST", BODY_MEMBER),
    "accounts:invitation-withdraw": ("POST", BODY_MEMBER),
    "accounts:requests": ("GET", BODY_MEMBER),
    "accounts:request": ("GET POST", BODY_MEMBER),
    "accounts:evidence": ("GET", BODY_MEMBER),
    # --- coming in, and one's own account ---------------------------------------------------------
    "accounts:invitation": ("GET POST", VISITOR),
    "accounts:join": ("GET POST", VISITOR),
    "accounts:join-with": ("GET POST", VISITOR),
    "accounts:me": ("GET", SIGNED_IN),
    "accounts:export": ("GET", SIGNED_IN),
    "accounts:delete": ("GET POST", SIGNED_IN),
    "accounts:leave": ("GET POST", SIGNED_IN),
    "accounts:ask": ("GET POST", SIGNED_IN),
    "accounts:request-withdraw": ("POST", SIGNED_IN),
    "usersessions_list": ("GET POST", SIGNED_IN),
    # --- the state's sign-in: 404 where the environment has no client -----------------------------
    "accounts:gsis": ("GET POST", VISITOR),
    "accounts:gsis-left": ("GET", VISITOR),
    "accounts:gsis-links": ("GET POST", SIGNED_IN),
    "accounts:gsis-tie": ("GET POST", SIGNED_IN),
    "gsis-callback": ("GET", VISITOR),  # the session says who set out
    # --- signing in -------------------------------------------------------------------------------
    "account_login": ("GET POST", VISITOR),
    "account_logout": ("GET POST", VISITOR),
    "account_inactive": ("GET", VISITOR),
    "account_signup": ("GET", VISITOR),  # says that people are invited
    "account_reauthenticate": ("GET POST", SIGNED_IN),
    "account_email": ("GET POST", SIGNED_IN),
    "account_email_verification_sent": ("GET", VISITOR),
    "account_confirm_email": ("GET POST", VISITOR),
    "account_confirm_login_code": ("GET POST", VISITOR),
    "account_change_password": ("GET POST", SIGNED_IN),
    "account_set_password": ("GET POST", SIGNED_IN),
    "account_reset_password": ("GET POST", VISITOR),
    "account_reset_password_done": ("GET", VISITOR),
    "account_reset_password_from_key": ("GET POST", VISITOR),
    "account_reset_password_from_key_done": ("GET", VISITOR),
    # --- the second step of signing in ------------------------------------------------------------
    "mfa_index": ("GET", SIGNED_IN),
    "mfa_authenticate": ("GET POST", VISITOR),  # the password was right, the person not yet signed in
    "mfa_reauthenticate": ("GET POST", SIGNED_IN),
    "mfa_activate_totp": ("GET POST", SIGNED_IN),
    "mfa_deactivate_totp": ("GET POST", SIGNED_IN),
    "mfa_view_recovery_codes": ("GET", SIGNED_IN),
    "mfa_generate_recovery_codes": ("GET POST", SIGNED_IN),
    "mfa_download_recovery_codes": ("GET", SIGNED_IN),
    "mfa_list_webauthn": ("GET", SIGNED_IN),
    "mfa_add_webauthn": ("GET POST", SIGNED_IN),
    "mfa_edit_webauthn": ("GET POST", SIGNED_IN),
    "mfa_remove_webauthn": ("GET POST", SIGNED_IN),
    "mfa_reauthenticate_webauthn": ("GET POST", SIGNED_IN),
    "mfa_login_webauthn": ("GET POST", VISITOR),
}

# Addresses of others' code that come in bulk, by how they begin (language prefix left off).
GROUPS: Final[dict[str, Row]] = {
    "editing/": ("GET POST", EDITOR),  # Wagtail's own pages; its groups say which pages
    "documents/": ("GET", VISITOR),  # files that editors published
}


def methods(row: Row) -> frozenset[str]:
    """The methods of ``row``; HEAD goes with GET."""
    named = frozenset(row[0].split())
    return named | {"HEAD"} if "GET" in named else named


def group_of(address: str) -> str | None:
    """The group that ``address`` (no leading slash, no language prefix) belongs to."""
    return next((prefix for prefix in GROUPS if address.startswith(prefix)), None)


def row_of(match: ResolverMatch, path: str) -> Row | None:
    """The row that holds for a resolved address; None where nobody declared it."""
    group = group_of(path.removeprefix("/"))
    return GROUPS[group] if group else ROUTES.get(match.view_name)


class AccessMiddleware:
    """Hold the matrix: what is not declared does not exist, and nobody passes below the row's role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Everything happens once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse what the row of this address does not allow."""
        match = request.resolver_match
        row = row_of(match, request.path_info) if match else None
        if row is None:
            raise Http404
        allowed = methods(row)
        if request.method not in allowed:
            return errors.not_allowed(request, allowed)
        if request.method == "HEAD" and request.path_info.startswith(errors.API):
            request.method = "GET"  # ninja knows no HEAD; the server leaves the body out
        return doors.refusal(request, row[1])

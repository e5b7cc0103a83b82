"""Signing in with the state's OAuth2: citizens with TAXISnet, civil servants with theirs.

Addresses and attributes as Greek projects that use the service publish them (docs/accounts.md, "The
state's sign-in"). Of what GSIS answers only the tax number is read, and it is not stored: a keyed
pseudonym of it names the account. The sign-in opens accounts that their owners have tied to it and makes
none: it knows no e-mail address, and an address that nobody proved could be somebody else's.
"""

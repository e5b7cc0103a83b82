"""News: the public list and calendar, feeds, and the form."""

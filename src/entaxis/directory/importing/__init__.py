"""Structures come in from tables: read, checked row by row, compared, written in one transaction."""

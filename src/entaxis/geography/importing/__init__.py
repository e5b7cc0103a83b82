"""Bringing in what others drew and listed: boundary files, and tables of areas."""

"""Two entries of one structure: found by night, shown side by side, decided by a person."""

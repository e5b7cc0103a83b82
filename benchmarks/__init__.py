"""Measurements beside a peer or the machine's limit, taken in the same run; never tests."""

"""The command line: ``python -m socialstats``."""

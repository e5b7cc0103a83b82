"""The command line: ``python -m socialstats``."""

HELP = {
    "estimate": "indicators with standard errors, intervals and flags",
    "describe": "columns of a file; with --weight also its design",
    "weight": "weights for non-response and to known totals",
    "smallarea": "modelled estimates of areas (Fay–Herriot; with --population EBP)",
    "suppress": "small counts hidden so that nobody can work them out",
}
"""Every command and what it is for; a module of its name here adds its arguments and runs it."""

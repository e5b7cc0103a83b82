"""``python -m socialstats``: estimates from a file, for an analyst without a line of code."""

import argparse
import os
import sys

from socialstats import __version__
from socialstats.command import describe, estimate, smallarea, suppress, weight
from socialstats.errors import SocialStatsError

USAGE, FAULT = 2, 70


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    top = argparse.ArgumentParser(
        prog="python -m socialstats",
        description="Indicators of poverty and social exclusion with the variance they deserve.",
    )
    top.add_argument("--version", action="version", version=f"socialstats {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for module in (estimate, describe, weight, smallarea, suppress):
        module.add(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what is wrong comes as a sentence on standard error with status 2."""
    options = parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except SocialStatsError as error:
        print(f"socialstats: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("socialstats: stopped.", file=sys.stderr)
        return 130
    except MemoryError:
        print("socialstats: there is not enough memory for this file.", file=sys.stderr)
        return FAULT
    except Exception as error:  # an analyst gets a sentence, never a traceback
        if os.environ.get("SOCIALSTATS_DEBUG"):
            raise
        print(
            f"socialstats: a fault of the program, please report it: {type(error).__name__}: {error}",
            file=sys.stderr,
        )
        return FAULT
    return status


if __name__ == "__main__":
    sys.exit(main())

"""``python -m socialstats``: estimates from a file, for an analyst without a line of code."""

import argparse
import os
import sys
from importlib import import_module

from socialstats import __version__
from socialstats.command import HELP
from socialstats.errors import SocialStatsError

USAGE, FAULT = 2, 70


def parser(chosen: str = "") -> argparse.ArgumentParser:
    """Every command; the chosen one with its arguments: only what it needs is imported."""
    top = argparse.ArgumentParser(
        prog="python -m socialstats",
        description="Indicators of poverty and social exclusion with the variance they deserve.",
    )
    top.add_argument("--version", action="version", version=f"socialstats {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name, words in HELP.items():
        if name == chosen:
            import_module(f"socialstats.command.{name}").add(commands)
        else:
            commands.add_parser(name, help=words)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what is wrong comes as a sentence on standard error with status 2."""
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(words[0] if words else "").parse_args(words)
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

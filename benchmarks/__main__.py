"""Runs benchmarks by name and prints one JSON object a line."""

import importlib
import json
import os
import platform
import sys
from pathlib import Path

import django


def names() -> list[str]:
    """The benchmarks there are: every module with a ``run``, by its file's name."""
    folder = Path(__file__).parent
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def machine() -> dict[str, object]:
    """What it ran on: without that a number says nothing."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {"cpu": model, "cores": os.cpu_count(), "python": platform.python_version()}


def main(wanted: list[str]) -> int:
    """Run the benchmarks asked for (all without a name)."""
    known = names()
    if wanted == ["--list"]:
        print("\n".join(known))
        return 0
    if unknown := sorted(set(wanted) - set(known)):
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    django.setup()
    about = machine()
    for name in wanted or known:
        for row in importlib.import_module(f"benchmarks.{name}").run():
            print(
                json.dumps(
                    row | {"machine": about | {"load": round(os.getloadavg()[0], 1)}}, ensure_ascii=False
                ),
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

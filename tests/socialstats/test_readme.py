"""The quick start runs as it stands."""

import re
from pathlib import Path

import pytest

import socialstats as ss

ROOT = Path(__file__).parents[2]


def test_the_quick_start_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "src/socialstats/README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code) == 1
    scope: dict[str, object] = {}
    exec(compile(code[0], "README.md", "exec"), scope)
    said = capsys.readouterr().out
    assert "arope" in said
    assert isinstance(scope["found"], ss.Estimates)

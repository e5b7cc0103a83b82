"""The quick start runs as it stands, and every indicator has its place in docs/methods."""

import re
from pathlib import Path

import pytest

import socialstats as ss
from socialstats.synthetic import SYNTHETIC_MAP, Municipality, synthetic_population, synthetic_sample

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


def test_every_indicator_has_its_words() -> None:
    pages = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/methods").glob("*.md"))
    population = synthetic_population([Municipality("A", "r", 300)])
    survey = ss.Survey.of(synthetic_sample(population), weight="weight", household="household", age="age")
    names = [
        *ss.INDICATORS,
        *ss.with_map(survey, SYNTHETIC_MAP).flags,
        "arpt",
        "arop_before_transfers",
        "persistent",
    ]
    series = re.compile(r"(p|lorenz)\d+")
    lost = [name for name in names if f"`{name}`" not in pages and not series.fullmatch(name)]
    assert lost == []

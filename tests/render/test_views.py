"""Plans in every format, against files a person has read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.render import plans
from wifctl.plan.model import Plan
from wifctl.render.json import plan_json
from wifctl.render.markdown import plan_markdown
from wifctl.render.palette import Palette
from wifctl.render.text import plan_text
from wifctl.render.tfplan import tfplan

GOLDEN = Path(__file__).parent / "golden"
PLANS = {
    "first": plans.first,
    "second": plans.second,
    "refused": plans.refused,
    "nothing": plans.nothing,
}
VIEWS: dict[str, Callable[[Plan], str]] = {
    "txt": lambda plan: plan_text(plan) + "\n",
    "ansi": lambda plan: plan_text(plan, Palette(is_on=True)) + "\n",
    "md": plan_markdown,
    "json": lambda plan: json.dumps(plan_json(plan), indent=1, ensure_ascii=False) + "\n",
    "tfplan.json": lambda plan: json.dumps(tfplan(plan), indent=1, ensure_ascii=False) + "\n",
}


@pytest.mark.parametrize("form", VIEWS)
@pytest.mark.parametrize("name", PLANS)
def test_a_plan_looks_as_somebody_agreed(
    name: str, form: str, golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN / f"{name}.{form}", VIEWS[form](PLANS[name]()))


@pytest.mark.parametrize("name", PLANS)
def test_colours_add_nothing_but_colours(name: str) -> None:
    import re

    coloured = plan_text(PLANS[name](), Palette(is_on=True))
    assert re.sub(r"\x1b\[[\d;]+m", "", coloured) == plan_text(PLANS[name]())

"""Real gcloud commands end as they would against Google."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.emulator import NUMBER, PROJECT, emulator
from tests.support.gcloud import COMMAND, environment, read_story, tell

STORIES = sorted((Path(__file__).parent / "gcloud").glob("*.txt"))


@pytest.mark.gcloud
@pytest.mark.skipif(COMMAND is None, reason="gcloud is not installed")
@pytest.mark.parametrize("story", STORIES, ids=[s.stem for s in STORIES])
def test_gcloud_tells_the_story(story: Path, tmp_path: Path) -> None:
    steps = read_story(story.read_text(), tmp_path)
    with emulator(projects={PROJECT: NUMBER}) as doors:
        problems = tell(steps, environment(doors, PROJECT, tmp_path))
    assert not problems, "\n".join(problems)

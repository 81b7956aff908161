"""Real gcloud commands end as they would against Google."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.emulator import NUMBER, PROJECT, emulator
from tests.support.gcloud import COMMAND, environment, read_story, tell
from tests.support.saml import SamlIdp, idp_certificate
from tests.support.tokens import X509Authority

STORIES = sorted((Path(__file__).parent / "gcloud").glob("*.txt"))
FAMILIES = """
iam workload-identity-pools: create describe list update delete undelete get-iam-policy
    set-iam-policy add-iam-policy-binding remove-iam-policy-binding
iam workload-identity-pools providers: create-oidc create-aws create-saml create-x509 describe list
    update-oidc update-aws update-saml update-x509 delete undelete
iam workload-identity-pools operations: describe
iam service-accounts: create describe list update delete enable disable get-iam-policy
    set-iam-policy add-iam-policy-binding remove-iam-policy-binding
secrets: create describe list update delete add-iam-policy-binding get-iam-policy set-iam-policy
    remove-iam-policy-binding
secrets versions: add access list describe enable disable destroy
artifacts repositories: create describe list update delete add-iam-policy-binding get-iam-policy
    remove-iam-policy-binding
services: enable disable list
beta services identity: create
projects: describe list get-iam-policy add-iam-policy-binding remove-iam-policy-binding
auth: print-access-token print-identity-token
"""
"""What gcloud offers over the collections that wifctl uses."""
PAIRS = 120
"""How many commands with different outcomes the stories tell at least."""


def prepare(folder: Path) -> None:
    """Files that stories may name and that cannot stand in a line of text."""
    certificates = (idp_certificate(), idp_certificate("next"))
    (folder / "idp.xml").write_text(SamlIdp().metadata())
    (folder / "idp-next.xml").write_text(SamlIdp(certificates=certificates).metadata())
    stranger = SamlIdp(certificates=(idp_certificate("stranger"),))
    (folder / "stranger.xml").write_text(stranger.metadata())
    for name in ("anchors", "other"):
        anchor = {"pemCertificate": X509Authority.root(name).pem}
        (folder / f"{name}.yaml").write_text(json.dumps({"trustStore": {"trustAnchors": [anchor]}}))
    garbage = {"trustStore": {"trustAnchors": [{"pemCertificate": "garbage"}]}}
    (folder / "garbage.yaml").write_text(json.dumps(garbage))


@pytest.mark.gcloud
@pytest.mark.skipif(COMMAND is None, reason="gcloud is not installed")
@pytest.mark.parametrize("story", STORIES, ids=[s.stem for s in STORIES])
def test_gcloud_tells_the_story(story: Path, tmp_path: Path) -> None:
    prepare(tmp_path)
    steps = read_story(story.read_text(), tmp_path)
    with emulator(projects={PROJECT: NUMBER}) as doors:
        problems = tell(steps, environment(doors, PROJECT, tmp_path))
    assert not problems, "\n".join(problems)


def test_the_stories_tell_enough(tmp_path: Path) -> None:
    """Commands count by their words and flags, not by the values given to them."""
    steps = [step for story in STORIES for step in read_story(story.read_text(), tmp_path)]
    pairs = {(words(s.arguments), s.exit, *(e.split(":")[0] for e in s.err)) for s in steps}
    assert len(pairs) >= PAIRS
    told = {words(step.arguments) for step in steps if step.exit == 0}
    assert not [f for f in families() if not any(w[: len(f)] == f for w in told)]


def words(arguments: str) -> tuple[str, ...]:
    """A command without its values: `secrets create --location`."""
    parts = [part.partition("=")[0] for part in arguments.split()]
    named = max((f for f in families() if tuple(parts[: len(f)]) == f), key=len, default=())
    return (*(named or tuple(parts[:3])), *sorted(p for p in parts if p.startswith("--")))


def families() -> list[tuple[str, ...]]:
    """Every command of FAMILIES, as its words."""
    joined = FAMILIES.replace("\n    ", " ").strip().splitlines()
    groups = (line.split(": ") for line in joined)
    return [(*group.split(), verb) for group, verbs in groups for verb in verbs.split()]

"""Protobuf messages and REST JSON."""

from __future__ import annotations

import pytest
from google.cloud import artifactregistry_v1 as registry
from google.cloud import iam_admin_v1 as iam
from google.cloud import secretmanager_v1 as manager

from wifctl.api import ApiError, Status
from wifctl.gcp.messages import from_json, mask_of, to_json

SECRET = {
    "replication": {"automatic": {}},
    "labels": {"A_b": "x"},
    "versionAliases": {"prod": "3"},
    "rotation": {"rotationPeriod": "3600s", "nextRotationTime": "2027-01-01T00:00:00Z"},
}

MASKS = [
    ("displayName", "display_name"),
    ("display_name", "display_name"),
    ("labels", "labels"),
    ("labels.camelKey_x", "labels.camelKey_x"),
    ("rotation.nextRotationTime", "rotation.next_rotation_time"),
    ("versionAliases.Prod.x", "version_aliases.Prod.x"),
    ("someNewField.innerPart", "some_new_field.innerPart"),
]


def test_a_secret_goes_to_protobuf_and_back_unchanged() -> None:
    message = from_json(SECRET, manager.Secret.pb()(), "secrets.create", "s")
    assert to_json(message) == SECRET
    assert to_json(manager.Secret.wrap(message)) == SECRET


def test_defaults_are_omitted_and_enums_are_names() -> None:
    account = iam.ServiceAccount(name="projects/p/serviceAccounts/a", disabled=False)
    assert to_json(account) == {"name": "projects/p/serviceAccounts/a"}
    repository = registry.Repository(format_=registry.Repository.Format.PYTHON)
    assert to_json(repository) == {"format": "PYTHON"}


@pytest.mark.parametrize(("path", "spelled"), MASKS)
def test_masks_respell_field_names_and_never_map_keys(path: str, spelled: str) -> None:
    descriptor = manager.Secret.pb().DESCRIPTOR
    assert list(mask_of(descriptor, [path]).paths) == [spelled]


def test_masks_reach_into_nested_messages() -> None:
    path = "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials.username"
    (found,) = mask_of(registry.Repository.pb().DESCRIPTOR, [path]).paths
    assert found == (
        "remote_repository_config.upstream_credentials.username_password_credentials.username"
    )


def test_a_field_the_client_library_does_not_know_is_refused_in_words() -> None:
    with pytest.raises(ApiError, match="noSuchField") as raised:
        from_json({"noSuchField": 1}, manager.Secret.pb()(), "secrets.create", "s")
    assert raised.value.status is Status.INVALID_ARGUMENT

"""The systems wifctl writes workflows for: template, place of the result, what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Option:
    """A value a template takes besides the common ones; without a default it must be given."""

    help: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class System:
    """One system. `schema` is its name among check-jsonschema's vendored schemas, if it has one."""

    title: str
    template: str
    path: str
    """Where the system looks for the file, below the repository."""
    options: Mapping[str, Option] = field(default_factory=dict)
    schema: str = ""
    outputs: tuple[str, ...] = ("credentials-file", "access-token")
    needs_account: bool = False
    """Whether the system can only act as a service account."""
    token_path: str = "%s/token"  # noqa: S105 - a path
    """The token file its credential configuration names; `%s` is a folder made at run time."""


_IMAGE = Option("The container image that runs the commands.", "python:3.12-slim")
_ENVIRONMENT = Option("The deployment environment, where the system has them.", "")

SYSTEMS: Mapping[str, System] = {
    "github-actions": System(
        "GitHub Actions",
        "github-actions.yml.j2",
        ".github/workflows/google-cloud.yml",
        {"runner": Option("The runner label.", "ubuntu-latest"), "environment": _ENVIRONMENT},
        schema="github-workflows",
    ),
    "gitlab-ci": System(
        "GitLab CI",
        "gitlab-ci.yml.j2",
        ".gitlab-ci.yml",
        {"image": _IMAGE, "environment": _ENVIRONMENT},
        schema="gitlab-ci",
    ),
    "azure-devops": System(
        "Azure DevOps",
        "azure-pipelines.yml.j2",
        "azure-pipelines.yml",
        {
            "service_connection": Option("The Azure Resource Manager service connection."),
            "runner": Option("The agent image.", "ubuntu-latest"),
        },
        schema="azure-pipelines",
    ),
    "circleci": System(
        "CircleCI",
        "circleci.yml.j2",
        ".circleci/config.yml",
        {
            "image": Option("The container image that runs the commands.", "cimg/python:3.12"),
            "context": Option("A context of the organization, if the job needs one.", ""),
        },
        schema="circle-ci",
    ),
    "bitbucket": System(
        "Bitbucket Pipelines",
        "bitbucket-pipelines.yml.j2",
        "bitbucket-pipelines.yml",
        {"image": _IMAGE, "environment": _ENVIRONMENT},
        schema="bitbucket-pipelines",
    ),
    "buildkite": System(
        "Buildkite",
        "buildkite.yml.j2",
        ".buildkite/pipeline.yml",
        {"queue": Option("The agent queue.", "")},
        schema="buildkite",
    ),
    "terraform-cloud": System(
        "HCP Terraform",
        "terraform-cloud.tf.j2",
        "google-cloud-identity.tf",
        {"workspace": Option("The workspace whose runs get the identity.")},
        outputs=("credentials-file",),
        needs_account=True,
    ),
    "kubernetes": System(
        "Kubernetes",
        "kubernetes.yml.j2",
        "google-cloud.yaml",
        {
            "image": _IMAGE,
            "namespace": Option("The namespace of the workload.", "default"),
            "kubernetes_service_account": Option("The Kubernetes service account.", "workload"),
            "workload": Option("Job or Deployment.", "Job"),
        },
        outputs=("credentials-file",),
        token_path="/var/run/google-token/token",  # noqa: S106 - a path
    ),
}
"""By the name `wifctl workflow` takes. HCP Terraform and Kubernetes have no vendored schema."""

"""Workflows from the templates in `templates/workflows/` or a folder of the user's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wifctl.credentials.workflows.systems import SYSTEMS, System
from wifctl.credentials.workflows.values import Workflow, context
from wifctl.data_files import data_folder
from wifctl.diagnostics import Diagnostic, WifctlError

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Rendered:
    """A workflow's text and the place where its system looks for it."""

    path: str
    text: str


def render_workflow(name: str, workflow: Workflow, own_folder: Path | None = None) -> Rendered:
    """The workflow for one system; a template of the same name in `own_folder` comes first.

    Raises WifctlError for an unknown system, values that do not fit, and a faulty template.
    """
    system = SYSTEMS.get(name)
    if system is None:
        text = f"there is no system {name!r}"
        raise WifctlError(Diagnostic("workflow-system", text, allowed=", ".join(SYSTEMS)))
    if own_folder is None:
        _require_known(workflow, system)
    return Rendered(system.path, _render(system, context(workflow, system), own_folder))


def _require_known(workflow: Workflow, system: System) -> None:
    """Own templates may take options of their own; ours take those of the table."""
    for name in workflow.options:
        if name not in system.options:
            text = f"{system.title} has no option {name!r}"
            allowed = ", ".join(system.options)
            raise WifctlError(Diagnostic("workflow-value", text, path=name, allowed=allowed))


def _render(system: System, values: dict[str, object], own_folder: Path | None) -> str:
    from jinja2 import TemplateError

    try:
        return _environment(own_folder).get_template(system.template).render(values)
    except TemplateError as error:
        place = getattr(error, "lineno", None)
        where = f"{system.template}:{place}" if place else system.template
        text = f"template {where}: {error.message}"
        raise WifctlError(Diagnostic("workflow-template", text)) from None


def _environment(own_folder: Path | None) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    shipped = data_folder("templates") / "workflows"
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([own_folder, shipped] if own_folder else [shipped]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"quoted": quoted, "hcl": hcl}
    return environment


def quoted(value: object) -> str:
    """A JSON value, which YAML reads as the same value."""
    return json.dumps(value, ensure_ascii=False)


def hcl(value: str) -> str:
    """A string of Terraform's language, in which `${` and `%{` would start a template."""
    return quoted(value).replace("${", "$${").replace("%{", "%%{")

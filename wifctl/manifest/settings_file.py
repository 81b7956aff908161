"""Finding and reading `wifctl.yaml`, with flags and environment put over it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.manifest import fields, values, words
from wifctl.manifest.documents import check_project
from wifctl.manifest.options import LoadOptions
from wifctl.manifest.places import Origin, Places
from wifctl.manifest.report import Report
from wifctl.manifest.settings import FILE, Settings
from wifctl.manifest.sources import read
from wifctl.manifest.yaml.document import BROKEN
from wifctl.manifest.yaml.parse import parse
from wifctl.names import PROJECT_ID, is_project_number
from wifctl.resource import Projects

KEYS = ("project", "location", "labels", "values", "valuesFiles", "projects")


@dataclass(slots=True)
class SettingsBook:
    """The settings in force for each folder; every file is read once."""

    options: LoadOptions
    diagnostics: list[Diagnostic] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    """Project id → number, over all files read."""
    value_files: set[Path] = field(default_factory=set)
    """Files that hold values, and so are no manifests."""
    _files: dict[Path | None, Settings] = field(default_factory=dict)
    _folders: dict[Path, Settings] = field(default_factory=dict)
    _over: dict[str, Any] | None = None

    def for_folder(self, folder: Path) -> Settings:
        """The settings for manifests of a folder."""
        folder = folder.resolve()
        found = self._folders.get(folder)
        if found is None:
            file = nearest(folder)
            if file not in self._files:
                self._files[file] = self._read(file)
            found = self._folders[folder] = self._files[file]
        return found

    def _read(self, file: Path | None) -> Settings:
        if file is None:
            return self._settings(None, {}, {}, Report(Places(Origin(FILE), {})))
        shown = Path(os.path.relpath(file, self.options.folder.resolve()))
        source = read(shown, self.options.folder, b"")
        if isinstance(source, Diagnostic):
            self.diagnostics.append(source)
            return self._settings(file, {}, {}, Report(Places(Origin(str(shown)), {})))
        stream = parse(source.text, Origin(str(shown), text=source.text))
        self.diagnostics += stream.diagnostics
        if not stream.documents:
            return self._settings(file, {}, {}, Report(Places(Origin(str(shown)), {})))
        raw = stream.documents[0]
        report = Report(raw.places)
        data = raw.data if isinstance(raw.data, dict) else {}
        if not isinstance(raw.data, dict):
            report.wrong_type("", "a mapping", raw.data)
        report.unknown_keys(data, KEYS, "")
        own = merged_files(self, report, data, file.parent)
        settings = self._settings(file, data, own, report)
        self.diagnostics += report.diagnostics
        return settings

    def _settings(
        self, file: Path | None, data: dict[str, Any], own: dict[str, Any], report: Report
    ) -> Settings:
        projects = _projects(report, data)
        self._learn(report, projects)
        return Settings(
            project=self._project(report, data),
            location=fields.text(report, data, "location"),
            labels=_labels(report, data),
            values=values.merged(own, self._values_over()),
            projects=Projects(projects),
            file=file,
            folder=file.parent if file else None,
        )

    def _project(self, report: Report, data: dict[str, Any]) -> str:
        own = fields.text(report, data, "project")
        if own:
            check_project(report, "project", own)
        environment = self.options.environment
        over = (
            ("--project", self.options.project),
            ("WIFCTL_PROJECT", environment.get("WIFCTL_PROJECT", "")),
            ("GOOGLE_CLOUD_PROJECT", environment.get("GOOGLE_CLOUD_PROJECT", "")),
        )
        for name, project in over:
            if project:
                self._check_given(name, project)
                return project
        return own

    def _check_given(self, name: str, project: str) -> None:
        outside = Report(Places(Origin(name), {}))
        if not check_project(outside, "", project):
            self.diagnostics += [d for d in outside.diagnostics if d not in self.diagnostics]

    def _values_over(self) -> dict[str, Any]:
        """What lies over the file's own values; read once."""
        if self._over is None:
            options, found = self.options, self.diagnostics
            environment = values.from_environment(options.environment, found)
            files = values.from_files(options.values_files, options.folder, found)
            sets = values.from_sets(options.sets, found)
            self._over = values.merged(values.merged(environment, files), sets)
        return self._over

    def _learn(self, report: Report, projects: Mapping[str, str]) -> None:
        for project, number in projects.items():
            known = self.numbers.setdefault(project, number)
            if known != number:
                report.value(
                    "bad-project",
                    f"projects.{project}",
                    f"another wifctl.yaml says {known}",
                    allowed="one number a project",
                    fix="correct one of the files",
                )


def nearest(folder: Path) -> Path | None:
    """The `wifctl.yaml` of a folder or the nearest one above it."""
    for place in (folder, *folder.parents):
        file = place / FILE
        if file.is_file():
            return file
    return None


def merged_files(
    book: SettingsBook, report: Report, data: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """`values` over the files that `valuesFiles` names."""
    names = data.get("valuesFiles", [])
    own = fields.mapping(report, data, "values")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        report.wrong_type("valuesFiles", "a list of paths", names)
        return own
    paths = [Path(os.path.relpath(folder / name, book.options.folder.resolve())) for name in names]
    book.value_files.update((folder / name).resolve() for name in names)
    return values.merged(values.from_files(paths, book.options.folder, book.diagnostics), own)


def _labels(report: Report, data: dict[str, Any]) -> dict[str, str]:
    labels = fields.mapping(report, data, "labels")
    for key, value in labels.items():
        if not isinstance(value, str):
            report.wrong_type(f"labels.{key}", "a text", value)
    return {key: value for key, value in labels.items() if isinstance(value, str)}


def _projects(report: Report, data: dict[str, Any]) -> dict[str, str]:
    known: dict[str, str] = {}
    for project, number in fields.mapping(report, data, "projects").items():
        path, text = f"projects.{project}", str(number)
        if not PROJECT_ID.fullmatch(project):
            report.key(
                "bad-project",
                path,
                f"{words.quoted(project)} is no project id",
                allowed="project id: project number",
                fix="swap the two if the number stands first",
            )
        elif number is not BROKEN and (isinstance(number, bool) or not is_project_number(text)):
            report.value(
                "bad-project",
                path,
                f"found {words.found(number)}",
                allowed="a project number, 5 to 20 digits",
                fix="`gcloud projects describe ID --format 'value(projectNumber)'` prints it",
            )
        elif text in known.values():
            report.value(
                "bad-project",
                path,
                f"{text} is already the number of another project",
                allowed="one number a project",
                fix="correct one of the two",
            )
        else:
            known[project] = text
    return known

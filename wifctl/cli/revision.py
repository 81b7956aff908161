"""The manifests of another Git revision, read from the repository and never checked out."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from wifctl.cli.loading import DEFAULT
from wifctl.cli.session import Session
from wifctl.diagnostics import Diagnostic, WifctlError, raise_failures
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions
from wifctl.manifest.settings import FILE

_WORDS = {"fatal: Needed a single revision": "the repository has no such revision"}


@dataclass(frozen=True, slots=True)
class Past:
    """Manifests as they were; their files lie in a folder that is gone afterwards."""

    loaded: Loaded
    revision: str
    folder: Path

    def named(self, place: str) -> str:
        """A file or position for people: `REV:manifests/ci.yaml:12:9`."""
        return place.replace(f"{self.folder}/", f"{self.revision}:", 1)


@contextmanager
def manifests_at(session: Session, revision: str, paths: Sequence[str]) -> Iterator[Past]:
    """What the same paths held at a revision; a path that was not there yet holds nothing.

    Raises WifctlError when there is no repository, no such revision, or the manifests were faulty.
    """
    root = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    commit = _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    wanted = [_inside(root, path) for path in paths or (DEFAULT,)]
    files = _git("-C", str(root), "ls-tree", "-r", "-z", "--name-only", commit.decode().strip())
    names = [PurePosixPath(name) for name in files.decode(errors="replace").split("\0") if name]
    there = [path for path in wanted if any(_is_below(name, path) for name in names)]
    with tempfile.TemporaryDirectory(prefix="wifctl-") as folder:
        place = Path(folder).resolve()
        _extract(root, commit.decode().strip(), _needed(there, names), place)
        yield _past(session, place, there, revision)


def _inside(root: Path, path: str) -> PurePosixPath:
    try:
        return PurePosixPath(Path(path).resolve().relative_to(root.resolve()).as_posix())
    except ValueError:
        raise _failed(f"{path} is not in the repository {root.name}") from None


def _is_below(name: PurePosixPath, path: PurePosixPath) -> bool:
    return name == path or path in name.parents


def _needed(paths: Sequence[PurePosixPath], names: Sequence[PurePosixPath]) -> list[str]:
    """The paths, or the folder of the nearest `wifctl.yaml` above: files it names lie below it."""
    settings = {name.parent for name in names if name.name == FILE}
    found = (
        next((folder for folder in (path, *path.parents) if folder in settings), path)
        for path in paths
    )
    return sorted({str(path) for path in found})


def _extract(root: Path, commit: str, paths: Sequence[str], place: Path) -> None:
    if not paths:
        return
    packed = _git("-C", str(root), "archive", "--format=tar", commit, "--", *paths)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")


def _past(session: Session, place: Path, paths: Sequence[PurePosixPath], revision: str) -> Past:
    options = LoadOptions(
        project=session.project,
        values_files=tuple(Path(file).resolve() for file in session.values),
        sets=session.assignments,
        environment=session.environment,
        folder=place,
    )
    past = Past(load([place / path for path in paths], options), revision, place)
    raise_failures(_moved(diagnostic, past) for diagnostic in past.loaded.diagnostics)
    return past


def _moved(diagnostic: Diagnostic, past: Past) -> Diagnostic:
    position = diagnostic.position
    if position is None:
        return diagnostic
    return replace(diagnostic, position=replace(position, file=past.named(position.file)))


def _git(*words: str) -> bytes:
    try:
        ran = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise _failed(f"git cannot be run: {error.strerror}") from None
    if ran.returncode != 0:
        said = ran.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise _failed(_WORDS.get(said) or f"git says: {said.removeprefix('fatal: ')}")
    return ran.stdout


def _failed(message: str) -> WifctlError:
    fix = "give a revision of the repository the manifests are in, e.g. origin/main"
    return WifctlError(Diagnostic("git", message, fix=fix))

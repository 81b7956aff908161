"""The simple repository API (PEP 503, 592, 629, 658, 691): pages written and pages read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from wifctl.emulator.errors import Json

JSON, HTML, PLAIN = (
    "application/vnd.pypi.simple.v1+json",
    "application/vnd.pypi.simple.v1+html",
    "text/html",
)
ACCEPT = f"{JSON}, {HTML};q=0.2, {PLAIN};q=0.1"
"""What an upstream is asked for."""
_ALIASES = {
    "application/vnd.pypi.simple.latest+json": JSON,
    "application/vnd.pypi.simple.latest+html": HTML,
    "*/*": PLAIN,
    "text/*": PLAIN,
}


def chosen(accept: str) -> str:
    """The content type a client likes best; plain HTML where it does not say."""
    best, weight = PLAIN, 0.0
    for item in accept.split(","):
        kind, *parameters = (part.strip() for part in item.split(";"))
        quality = next((_quality(p) for p in parameters if p.startswith("q=")), 1.0)
        found = _ALIASES.get(kind, kind)
        if found in (JSON, HTML, PLAIN) and quality > weight:
            best, weight = found, quality
    return best


def project_page(project: str, files: Iterable[Json], kind: str) -> bytes:
    """The files of a project; their links are relative, so that every address works."""
    if kind == JSON:
        shown = [_json_file(project, file) for file in files]
        page = {"meta": {"api-version": "1.0"}, "name": project, "files": shown}
        return json.dumps(page).encode()
    return _html(f"Links for {project}", (_anchor(project, file) for file in files))


def root_page(projects: Iterable[str], kind: str) -> bytes:
    """All projects a repository holds."""
    if kind == JSON:
        names = [{"name": project} for project in projects]
        return json.dumps({"meta": {"api-version": "1.0"}, "projects": names}).encode()
    return _html("Simple index", (f'<a href="{p}/">{p}</a>' for p in projects))


def read_page(url: str, kind: str, body: bytes) -> dict[str, Json]:
    """The files an upstream's page lists, by name. Raises ValueError for what is no such page."""
    entries = _read_json(body) if "json" in kind.lower() else _read_html(body)
    found: dict[str, Json] = {}
    for entry in entries:
        link, fragment = urldefrag(urljoin(url, entry.pop("href")))
        filename = entry.pop("filename", "") or unquote(urlsplit(link).path.rpartition("/")[2])
        if fragment.startswith("sha256="):
            entry.setdefault("sha256", fragment.removeprefix("sha256="))
        found[filename] = {"filename": filename, "url": link, **entry}
    return found


def _quality(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def _href(project: str, file: Json) -> str:
    return f"../../{project}/{quote(file['filename'])}"


def _json_file(project: str, file: Json) -> Json:
    digest = file.get("sha256", "")
    found: Json = {
        "filename": file["filename"],
        "url": _href(project, file),
        "hashes": {"sha256": digest} if digest else {},
    }
    if file.get("requiresPython"):
        found["requires-python"] = file["requiresPython"]
    if file.get("metadata"):
        found["core-metadata"] = _metadata_json(file["metadata"])
    if "yanked" in file:
        found["yanked"] = file["yanked"] or True
    return found


def _metadata_json(digest: Any) -> Any:
    return {"sha256": digest} if isinstance(digest, str) else True


def _anchor(project: str, file: Json) -> str:
    digest = f"#sha256={file['sha256']}" if file.get("sha256") else ""
    attributes = {"href": _href(project, file) + digest}
    if file.get("requiresPython"):
        attributes["data-requires-python"] = file["requiresPython"]
    if file.get("metadata"):
        known = isinstance(file["metadata"], str)
        attributes["data-core-metadata"] = f"sha256={file['metadata']}" if known else "true"
    if "yanked" in file:
        attributes["data-yanked"] = file["yanked"]
    written = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<a {written}>{escape(file['filename'])}</a>"


def _html(title: str, anchors: Iterable[str]) -> bytes:
    lines = "".join(f"    {anchor}<br/>\n" for anchor in anchors)
    head = f'<meta name="pypi:repository-version" content="1.0"><title>{title}</title>'
    return f"<!DOCTYPE html>\n<html>\n<head>{head}</head>\n<body>\n{lines}</body>\n</html>".encode()


def _read_json(body: bytes) -> list[Json]:
    page = json.loads(body)
    files = page.get("files") if isinstance(page, dict) else None
    if not isinstance(files, list):
        raise ValueError("a page without files")
    return [_from_json(file) for file in files]


def _from_json(file: Mapping[str, Any]) -> Json:
    entry: Json = {"href": str(file["url"]), "filename": str(file["filename"])}
    if digest := file.get("hashes", {}).get("sha256"):
        entry["sha256"] = digest
    if requires := file.get("requires-python"):
        entry["requiresPython"] = requires
    if metadata := file.get("core-metadata", file.get("dist-info-metadata")):
        entry["metadata"] = metadata.get("sha256", True) if isinstance(metadata, dict) else True
    if file.get("yanked"):
        entry["yanked"] = file["yanked"] if isinstance(file["yanked"], str) else ""
    return entry


def _read_html(body: bytes) -> list[Json]:
    reader = _Anchors()
    reader.feed(body.decode("utf-8", "replace"))
    if not reader.is_page:
        raise ValueError("not HTML")
    return reader.found


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Json] = []
        self.is_page = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_page = self.is_page or tag in ("html", "head", "body", "a")
        said = {key: value or "" for key, value in attrs}
        if tag != "a" or not said.get("href"):
            return
        entry: Json = {"href": said["href"]}
        if requires := said.get("data-requires-python"):
            entry["requiresPython"] = requires
        if metadata := said.get("data-core-metadata", said.get("data-dist-info-metadata", "")):
            digest = metadata.removeprefix("sha256=")
            entry["metadata"] = digest if digest != metadata else True
        if "data-yanked" in said:
            entry["yanked"] = said["data-yanked"]
        self.found.append(entry)

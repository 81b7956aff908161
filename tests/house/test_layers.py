"""The layers of the house, as a table held against the imports."""

from __future__ import annotations

import ast

from tests.house.code import Module, modules, names, where
from wifctl.graph import cycle

LAYERS = (
    {"diagnostics", "names", "principals", "codes", "data_files"},
    {"resource", "api", "graph", "parallel", "payloads", "progress"},
    {"schema"},
    {"trust"},
    {"kinds"},
    {"manifest", "plan", "credentials"},
    {"live", "apply", "access", "upstream", "render"},
    {"gcp", "emulator"},
    {"cli"},
)
LEVEL = {unit: level for level, units in enumerate(LAYERS) for unit in units}

APART = {
    "emulator": {"kinds", "schema", "manifest", "plan", "gcp", "live", "apply"},
    "gcp": {"emulator"},
    "plan": {"manifest"},
}
"""Units that must not know others, lower ones included: two readings stay independent."""

NETWORK = {
    "aiohttp",
    "google",
    "grpc",
    "http",
    "httptools",
    "requests",
    "requests_ntlm",
    "smtplib",
    "socket",
    "spnego",
    "ssl",
    "urllib3",
    "uvicorn",
}
HARMLESS = (
    "google.protobuf",
    "google.rpc",
    "google.auth.aws",
    "google.auth.exceptions",
    "http.HTTPStatus",
)
"""Formats and signatures: nothing of these is sent by what is imported."""


def test_every_unit_has_its_layer() -> None:
    units = {module.unit for module in modules() if module.unit}
    assert units <= set(LEVEL), f"not in the table: {sorted(units - set(LEVEL))}"


def test_lower_layers_never_import_higher_ones() -> None:
    wrong = [
        f"{where(module, line)} (layer {LEVEL[module.unit]}) imports {name}"
        for module in modules()
        for name, line in module.imports()
        if _unit(name) and LEVEL[_unit(name)] > LEVEL.get(module.unit, 0)
    ]
    assert not wrong, "\n".join(wrong)


def test_units_that_must_not_know_each_other_do_not() -> None:
    wrong = [
        f"{where(module, line)} imports {name}"
        for module in modules()
        for name, line in module.imports()
        if _unit(name) in APART.get(module.unit, ())
    ]
    assert not wrong, "\n".join(wrong)


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = names()
    needs = {m.name: [n for n, _ in _running_imports(m) if n in known] for m in modules()}
    assert cycle(needs) == ()


def test_only_gcp_and_the_emulator_speak_to_networks() -> None:
    wrong = [
        f"{where(module, line)} imports {name}"
        for module in modules()
        if module.unit not in ("gcp", "emulator")
        for name, line in module.imports()
        if name.split(".")[0] in NETWORK and not name.startswith(HARMLESS)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_prints_exits_or_reads_the_environment() -> None:
    wrong = [
        f"{where(module, node.lineno)}: {ast.unparse(node)[:60]}"
        for module in modules()
        if module.unit != "cli"
        for node in ast.walk(module.tree)
        if _is_reserved(node)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_init_is_empty() -> None:
    full = [str(m.path) for m in modules() if m.path.name == "__init__.py" and m.text.strip()]
    assert not full


def _unit(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "wifctl" and len(parts) > 1 else ""


def _running_imports(module: Module) -> list[tuple[str, int]]:
    """Imports that run, lazy ones included; those for type checkers alone do not."""
    skipped = {
        line
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return [(name, line) for name, line in module.imports() if line not in skipped]


def _is_reserved(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("print", "sys.exit", "exit", "os._exit", "os.getenv")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
        # `setdefault` tells a library something; everything else reads.
        return ast.unparse(node.value) == "os.environ" and node.attr != "setdefault"
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ"

"""Near misses: why a failing operand probably fails, from its literals and the claims there are."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.trust.cel.ast import EQUAL, IN, Call, Items, Literal, Node, Path, path_of, paths
from wifctl.trust.cel.lookup import Data, described, lookup, spelled, spelled_literal
from wifctl.trust.cel.missing import missing_hints
from wifctl.trust.cel.near import Hint, HintKind, differences, without_ids

_SEARCHES = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}


def hints_for(node: Node, data: Data) -> tuple[Hint, ...]:
    """The likely reasons why this operand is not true; none when nothing is near."""
    wanted = sorted(paths(node), key=str)
    missing = tuple(hint for path in wanted for hint in missing_hints(path, data))
    if missing or not isinstance(node, Call):
        return missing
    if node.function == EQUAL:
        return _equality(node, data)
    if node.function == IN:
        return _membership(node, data)
    if node.function in _SEARCHES and node.target and node.args:
        return _search(node.function, node.target, node.args[0], data)
    return ()


def _equality(node: Call, data: Data) -> tuple[Hint, ...]:
    sides = node.args if isinstance(node.args[1], Literal) else node.args[::-1]
    path = path_of(sides[0])
    if path is None or not isinstance(sides[1], Literal):
        return ()
    return _unequal(path, lookup(path, data), sides[1].value, data)


def _membership(node: Call, data: Data) -> tuple[Hint, ...]:
    item, container = node.args
    path = path_of(item)
    if path and isinstance(container, Items):
        values = [part.value for part in container.items if isinstance(part, Literal)]
        found = lookup(path, data)
        return tuple(hint for value in values for hint in _unequal(path, found, value, data))[:2]
    held = path_of(container)
    if held and isinstance(item, Literal):
        return _held(spelled(held), lookup(held, data), item.value)
    return ()


def _held(place: str, held: object, wanted: object) -> tuple[Hint, ...]:
    if isinstance(held, str):
        message = f"{place} is a text, not a list; compare it with == or contains()"
        return (Hint(HintKind.TYPE, message),)
    texts = [item for item in held if isinstance(item, str)] if isinstance(held, list) else []
    if not isinstance(wanted, str):
        return ()
    return tuple(hint for text in texts for hint in differences(text, wanted))[:2]


def _unequal(path: Path, found: object, wanted: object, data: Data) -> tuple[Hint, ...]:
    place = spelled(path)
    if isinstance(found, list):
        inside = f": write {wanted!r} in {place}" if wanted in found else ""
        return (Hint(HintKind.LIST, f"{place} is a list, not one value{inside}"),)
    if isinstance(found, str) and isinstance(wanted, str):
        return (*differences(found, wanted), *_elsewhere(path, found, wanted, data))
    if type(found) is not type(wanted) and found is not None and wanted is not None:
        return _types(place, found, wanted)
    return ()


def _types(place: str, found: object, wanted: object) -> tuple[Hint, ...]:
    if {type(found), type(wanted)} == {int, float}:
        return ()
    message = (
        f"{place} is {described(found)}, the literal is {described(wanted)}: "
        f"they are never equal; write == {spelled_literal(found)}"
    )
    return (Hint(HintKind.TYPE, message),)


def _elsewhere(path: Path, found: str, wanted: str, data: Data) -> tuple[Hint, ...]:
    """The wanted value under another claim: an id where a name is, or the other way round."""
    claims = lookup(("assertion",), data)
    if not isinstance(claims, Mapping) or len(wanted) < 3:
        return ()
    others = sorted(key for key, value in claims.items() if str(value) == wanted)
    if others:
        message = f"{spelled(('assertion', others[0]))} has the value {wanted!r}"
        return (Hint(HintKind.ID_OR_NAME, f"{message}, {spelled(path)} has {found!r}"),)
    if found.isdigit() is wanted.isdigit():
        return ()
    kinds = ("a numeric id", "a name") if found.isdigit() else ("a name", "a numeric id")
    message = f"{spelled(path)} holds {kinds[0]}, the expression compares it with {kinds[1]}"
    return (Hint(HintKind.ID_OR_NAME, message),)


def _search(function: str, target: Node, argument: Node, data: Data) -> tuple[Hint, ...]:
    path = path_of(target)
    if path is None or not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return ()
    found, wanted, test = lookup(path, data), argument.value, _SEARCHES[function]
    if not isinstance(found, str) or test(found, wanted):
        return ()
    if test(found.casefold(), wanted.casefold()):
        message = f"{spelled(path)} is {found!r}: only upper and lower case differ"
        return (Hint(HintKind.CASE, message),)
    if without_ids(found) != found and test(without_ids(found), without_ids(wanted)):
        message = (
            f"{spelled(path)} is {found!r}: it carries GitHub's newer subject with ids; compare "
            f"repository_id and repository_owner_id instead"
        )
        return (Hint(HintKind.SUBJECT_FORM, message),)
    return differences(found[: len(wanted)], wanted) if function == "startsWith" else ()

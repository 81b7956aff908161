"""Pages of lists, and update masks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wifctl.emulator.errors import ApiError
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.paging import page


@given(count=st.integers(0, 60), size=st.integers(0, 70))
def test_following_the_tokens_yields_every_item_once(count: int, size: int) -> None:
    items, token, found = list(range(count)), "", []
    while True:
        request = {"pageSize": size, "pageToken": token}
        part, token = page(items, request, default=7, maximum=20, scope="a")
        assert len(part) <= min(size or 7, 20)
        found += part
        if not token:
            break
    assert found == items


@pytest.mark.parametrize("token", ["x", "MTo=", "Ojo6", "ü", "MQ"])
def test_a_foreign_or_mangled_token_is_refused(token: str) -> None:
    with pytest.raises(ApiError, match="page_token"):
        page([1, 2], {"pageToken": token}, default=1, maximum=1, scope="here")


def test_a_negative_page_size_is_refused() -> None:
    with pytest.raises(ApiError, match="greater than or equal to 0"):
        page([1], {"pageSize": -1}, default=1, maximum=1)


MASKS: list[tuple[dict[str, Any], dict[str, Any], list[str], dict[str, Any]]] = [
    ({"a": 1, "b": 2}, {"a": 9, "b": 9}, ["a"], {"a": 9, "b": 2}),
    ({"a": 1, "b": 2}, {}, ["a"], {"b": 2}),
    ({"o": {"x": 1, "y": 2}}, {"o": {"x": 5}}, ["o.x"], {"o": {"x": 5, "y": 2}}),
    ({"o": {"x": 1, "y": 2}}, {"o": {"x": 5}}, ["o"], {"o": {"x": 5}}),
    ({"o": {"x": 1, "y": 2}}, {}, ["o.x"], {"o": {"y": 2}}),
    ({"a": 1}, {}, ["o.x"], {"a": 1}),
    ({"a": 1}, {"o": {"x": 1}}, ["o.x"], {"a": 1, "o": {"x": 1}}),
    ({"labels": {"k": "1", "l": "2"}}, {"labels": {"k": "3"}}, ["labels.k"],
     {"labels": {"k": "3", "l": "2"}}),
    ({"annotations": {"a.b": "1"}}, {"annotations": {"a.b": "2", "c": "3"}}, ["annotations.a.b"],
     {"annotations": {"a.b": "2"}}),
    ({"annotations": {"a.b": "1"}}, {}, ["annotations.a.b"], {"annotations": {}}),
    ({"a": 1}, {"b": 2}, ["*"], {"b": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("live", "sent", "mask", "wanted"), MASKS)
def test_a_mask_replaces_exactly_what_it_names(
    live: dict[str, Any], sent: dict[str, Any], mask: list[str], wanted: dict[str, Any]
) -> None:
    before = repr(live)
    assert masked(live, sent, mask) == wanted
    assert repr(live) == before


def test_a_mask_may_name_only_fields_that_can_change() -> None:
    check_mask(
        ["displayName", "oidc.issuerUri", "aws"], ["displayName", "oidc", "aws.id"], ["mode"]
    )
    with pytest.raises(ApiError, match="immutable"):
        check_mask(["mode"], ["displayName"], ["mode"])
    with pytest.raises(ApiError, match="nonsense"):
        check_mask(["nonsense"], ["displayName"], ["mode"])

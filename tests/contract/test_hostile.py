"""Whatever is sent, the REST door answers in Google's shape: no bug, no hang, no traceback."""

from __future__ import annotations

import http.client
import json
from collections import Counter

import pytest

from tests.contract.hostile import attacks
from tests.support.emulator import NUMBER, PROJECT, emulator
from wifctl.emulator.server import Doors


def survive(doors: Doors, seed: int, count: int) -> Counter[int]:
    """Send the attacks; the number of answers by status."""
    connection = http.client.HTTPConnection(doors.rest_url.removeprefix("http://"), timeout=10)
    seen: Counter[int] = Counter()
    for attack in attacks(seed, count):
        connection.putrequest(attack.verb, attack.target, skip_host=False)
        connection.putheader("Content-Length", str(len(attack.body or b"")))
        connection.endheaders(attack.body)
        response = connection.getresponse()
        body = json.loads(response.read())
        assert response.status != 500, (attack, body)
        if response.status != 200:
            assert body["error"]["code"] == response.status, (attack, body)
        seen[response.status] += 1
    connection.close()
    return seen


def test_requests_made_from_the_documents_never_break_the_emulator() -> None:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        seen = survive(doors, seed=1, count=1500)
    assert seen[200] > 100
    assert seen[400] > 100


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_twenty_thousand_requests_never_break_the_emulator(seed: int) -> None:
    with emulator(projects={PROJECT: NUMBER}) as doors:
        survive(doors, seed, 2000)

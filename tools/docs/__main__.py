"""`python -m tools.docs [--check]`: write the generated pages, or say which are out of date."""

from __future__ import annotations

import sys

from tools.docs.pages import outdated, write

if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        stale = outdated()
        for name in stale:
            print(f"{name} is out of date: run `make docs`", file=sys.stderr)
        sys.exit(1 if stale else 0)
    for name in write():
        print(name)

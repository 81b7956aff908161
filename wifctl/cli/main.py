"""The console script: as little as possible before the command line is understood."""

from __future__ import annotations

import gc
import os
import sys


def entry() -> None:
    """Run `wifctl` and exit with its code."""
    # Start-up only allocates; collecting in between costs a fifth of it. `target.py` turns the
    # collector on again before work that lasts.
    gc.disable()
    # Looking for plug-ins of pydantic reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    try:
        from wifctl.cli.program import run
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:], os.environ))

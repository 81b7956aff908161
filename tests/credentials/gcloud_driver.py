"""Runs many gcloud commands in one process of gcloud's own Python, each in a fork of its own.

Called with the SDK's root; stdin is a JSON list of [working folder, configuration folder, words],
stdout the list of exit statuses. A command then takes 0.03 seconds instead of 0.4.
"""

import json
import os
import sys


def main() -> None:
    root = sys.argv[1]
    sys.path[:0] = [f"{root}/lib", f"{root}/lib/third_party"]
    from googlecloudsdk import gcloud_main  # type: ignore[import-not-found]

    cli = gcloud_main.CreateCLI([])
    commands = json.load(sys.stdin)
    statuses = [_run(cli, *command) for command in commands]
    os.write(1, json.dumps(statuses).encode())


def _run(cli: object, folder: str, config: str, words: list[str]) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(folder)
        os.environ["CLOUDSDK_CONFIG"] = config
        cli.Execute(words)  # type: ignore[attr-defined]
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    finally:
        os._exit(status)


main()

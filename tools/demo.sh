#!/usr/bin/env bash
# Plan, apply, plan: the whole way on this machine, with a state that is thrown away afterwards.
set -euo pipefail
wifctl=$(realpath "$1")
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
cp -r "$2" "$state/manifests"
cd "$state"

run() {
    printf '\n$ wifctl %s\n\n' "$*"
    "$wifctl" "$@"
}
run plan --local
run apply --local --auto-approve
run plan --local --detailed-exitcode

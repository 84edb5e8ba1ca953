#!/bin/bash
# Compares docs/firmware-lint.md ($2) with what it should be ($1).

set -euo pipefail

if ! diff -u --label docs/firmware-lint.md --label "what the rules say" "$2" "$1"; then
  echo "docs/firmware-lint.md is out of date. Bring it up to date with"
  echo "  bazel run //tools/firmware_doc:update"
  exit 1
fi

#!/bin/bash
# Compares docs/manifest.md ($2) with what it should be ($1).

set -euo pipefail

if ! diff -u --label docs/manifest.md --label "what the schema's comments say" "$2" "$1"; then
  echo "docs/manifest.md is out of date. Bring it up to date with"
  echo "  bazel run //tools/manifest_doc:update"
  exit 1
fi

#!/bin/bash
# Writes docs/manifest.md: bazel run //tools/manifest_doc:update

set -euo pipefail

cp -- "$1" "$BUILD_WORKSPACE_DIRECTORY/docs/manifest.md"
chmod 644 -- "$BUILD_WORKSPACE_DIRECTORY/docs/manifest.md"
echo "wrote docs/manifest.md"

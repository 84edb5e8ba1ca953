#!/bin/bash
# Writes docs/firmware-lint.md: bazel run //tools/firmware_doc:update

set -euo pipefail

cp -- "$1" "$BUILD_WORKSPACE_DIRECTORY/docs/firmware-lint.md"
chmod 644 -- "$BUILD_WORKSPACE_DIRECTORY/docs/firmware-lint.md"
echo "wrote docs/firmware-lint.md"

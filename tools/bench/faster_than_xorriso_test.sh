#!/bin/bash
# 70,000 files like those of a kernel's sources; fails when isomason is slower.

set -euo pipefail
exec tools/bench/compare 70000 6000 1

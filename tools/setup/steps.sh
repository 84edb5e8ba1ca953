# shellcheck shell=bash
# For scripts that go through several steps. To be sourced from the root of the tree:
#
#   source tools/setup/steps.sh
#   step "building the tool"        # prints "==> building the tool"
#
# From then on a command that fails ends the script with a line that names the step; stop_here does
# so with a reason. Offers `scratch`, a folder that goes away with the script, `bazel`, an array of
# words that start it, and get_payload.

set -euo pipefail

# A bare container may have no HOME; Bazel and the caches want one.
if [[ -z ${HOME-} ]]; then
  HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
  export HOME
fi

# BAZEL names another command in place of `bazel`, startup options included.
# shellcheck disable=SC2034  # for the scripts that source this
read -ra bazel <<<"${BAZEL:-bazel}"

scratch=$(mktemp -d)
current_step="starting"
said_why=false

step() {
  current_step=$1
  echo "==> $1"
}

stop_here() {
  said_why=true
  echo "${0##*/}: stopped while $current_step: $*" >&2
  exit 1
}

on_exit() {
  local status=$?
  rm -rf "$scratch"
  if ((status != 0)) && ! $said_why; then
    echo "${0##*/}: stopped while $current_step (exit status $status)" >&2
  fi
}
trap on_exit EXIT

# Sets and exports ISOMASON_PAYLOAD: the folder with the kernel and the boot loaders.
get_payload() {
  local output
  if ! output=$(tools/setup/payload); then
    # The archive moves on: lists from an older day may name files that are gone.
    tools/setup/packages --refresh
    output=$(tools/setup/payload) || stop_here "tools/setup/payload failed"
  fi
  ISOMASON_PAYLOAD=$(tail -n 1 <<<"$output")
  [[ -d $ISOMASON_PAYLOAD ]] || stop_here "tools/setup/payload named no folder: $ISOMASON_PAYLOAD"
  export ISOMASON_PAYLOAD
}

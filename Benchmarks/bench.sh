#!/bin/bash
# Measures what Pawl costs, and prints each figure as one line:
#
#   name: figure (min … max)   [at most LIMIT: ok|TOO MUCH]
#
# usage: bench.sh PAWL [FOLDER]
#   FOLDER   kept, and used again: the kernel tree and the long journal are made once.
#            Without it, a throwaway folder.
#
#   ONLY="status steps output build"   which parts to run; there is "checkpoints" too
#   PAIRS=5                            of builds: one by Pawl, one by bare make, in turns
#   TARGET="bzImage modules"           what a build makes; "kernel/ mm/" is a short one
#   EVENTS=1000000                     of the long journal
#   LOAD=1                             one-minute load to wait for before a part begins, for ten
#                                      minutes at most; LOAD= waits for nothing
#
# Exits 1 where a figure is beyond its limit.
set -euo pipefail
shopt -s inherit_errexit lastpipe

pawl=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
ONLY=${ONLY:-status steps output build}
PAIRS=${PAIRS:-5}
TARGET=${TARGET:-bzImage modules}
EVENTS=${EVENTS:-1000000}
LOAD=${LOAD-1}

if [ -n "${2:-}" ]; then
  mkdir -p "$2"
  folder=$(realpath "$2")
else
  folder=$(mktemp -d /var/tmp/pawl-bench.XXXXXX)
  trap 'rm -rf "$folder"' EXIT
fi
chmod 0755 "$folder"

(cd "$here" && swift build -c release --static-swift-stdlib --scratch-path .build-release -q)
tools=$folder/tools # where the build user may run them
mkdir -p "$tools"
install -m 0755 "$here"/.build-release/release/{measure,make-journal,noise} "$tools"

. "$here/lib.sh"
failed=0
for part in $ONLY; do
  wait_for_quiet
  . "$here/$part.sh"
done
exit $failed

#!/bin/bash
# Proves that the labs can fail: builds Pawl with each patch of mutants/ in a copy of the tree, and
# expects its lab to find it within CUTS cuts on each file system of FS.
#
# usage: mutants.sh [NAME]...    without names: every patch
set -euo pipefail

here=$(dirname "$(realpath "$0")")
tree=$(realpath "$here/../..")
copy=/var/tmp/pawl-powercut-mutants
mkdir -p "$copy"
# The built things stay from one call to the next: one full build serves all mutants.
rsync --archive --delete --exclude '.build*' --exclude '*.pawl' --exclude .git "$tree/" "$copy/"

names=("$@")
kinds=${FS:-ext4}
[ ${#names[@]} -gt 0 ] ||
  mapfile -t names < <(cd "$here/mutants" && basename --multiple --suffix .patch -- */*.patch)

# build NAME PATCH: the program with one safeguard taken out, as NAME.pawl.
build() {
  patch --quiet --directory "$copy" --strip 1 <"$2"
  swift build --package-path "$copy" -c release --static-swift-stdlib --product pawl \
    --scratch-path "$copy/.build-release" >"$copy/.build-mutant.log" 2>&1 ||
    { tail -20 "$copy/.build-mutant.log"; exit 1; }
  cp "$copy/.build-release/release/pawl" "$copy/$1.pawl"
  patch --quiet --reverse --directory "$copy" --strip 1 <"$2"
}

# caught NAME KIND LOG: says whether the lab's log names a violation.
caught() {
  # A line that counts cuts may stand before it.
  if grep -q 'VIOLATION' "$3"; then
    echo "$1 on $2: caught after $(sed -n 's/^\([0-9]*\) cuts:.*/\1/p' "$3" | tail -1) cuts: $(
      grep -m 1 -o 'VIOLATION.*' "$3" | cut -c 11-160)"
  else
    echo "$1 on $2: NOT caught ($3)"
    missed=1
  fi
}

missed=0
for name in "${names[@]}"; do
  patch=$(echo "$here"/mutants/*/"$name".patch)
  lab=$(basename "$(dirname "$patch")")
  build "$name" "$patch"
  for kind in $kinds; do
    log=$copy/.build-$name-$kind.log
    case $lab in
      journal) setting=(AIMED="${AIMED:-no}" CUTS="${CUTS:-100}") ;;
      # Rebuilds: there an old object may pass for a new one. A part of the tree is enough.
      build)
        setting=(ONLY=headers BUILDS=3 CUTS=2 PLAIN=no TARGETS="${TARGETS:-kernel/ mm/ lib/ fs/}")
        ;;
      # A torn object that is not empty: with an old command beside it, make takes it.
      hazards)
        setting=(CASES="${CASES:-objtool-cut}" TIMES="${TIMES:-1}" TARGETS="${TARGETS:-kernel/ mm/ lib/ fs/}")
        ;;
    esac
    env FS="$kind" "${setting[@]}" "$here/lab.sh" "$lab" "$copy/$name.pawl" >"$log" 2>&1 || true
    caught "$name" "$kind" "$log"
  done
done
exit $missed

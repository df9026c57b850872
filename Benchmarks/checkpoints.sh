# What checkpoints cost: the same build by Pawl as it is and by one that makes none, in turns.

say "checkpoints: $TARGET, $PAIRS pairs"
. "$here/kernel.sh"

# A copy of the tree, patched: there is no switch for this in Pawl.
copy=$folder/without-checkpoints
mkdir -p "$copy"
rsync --archive --delete --exclude '.build*' --exclude .git "$here/../" "$copy/"
patch --quiet --directory "$copy" --strip 1 <"$here/without-checkpoints.patch"
swift build --package-path "$copy" -c release --static-swift-stdlib --product pawl \
  --scratch-path "$copy/.build-release" -q
without=$copy/.build-release/release/pawl
wait_for_quiet

blocked() { # percent of the build that was just made
  "$pawl" history export --journal "$folder/build/journal.db" --root "$folder/build/root" | python3 -c 'import json, sys
rows = [json.loads(line) for line in sys.stdin]
last = [json.loads(row["payload"]) for row in rows if row["kind"] == "checkpoint"][-1]
print(last["syncMillis"] * 100 / last["millis"])'
}

with= none= shares=
for pair in $(seq 1 "$PAIRS"); do
  if [ $((pair % 2)) -eq 1 ]; then
    with_run=$(by_pawl)
    shares+=$(blocked)$'\n'
    none_run=$(by_pawl "$without")
  else
    none_run=$(by_pawl "$without")
    with_run=$(by_pawl)
    shares+=$(blocked)$'\n'
  fi
  echo "# pair $pair: with $with_run, without $none_run"
  with+=$with_run$'\n' none+=$none_run$'\n'
done
with=${with%$'\n'} none=${none%$'\n'}
column 1 1000000 <<<"$none" | figure "build without checkpoints, wall" s
column 1 1000000 <<<"$with" | figure "build with checkpoints, wall" s
awk -v with="$(column 1 <<<"$with" | median)" -v none="$(column 1 <<<"$none" | median)" \
  'BEGIN {print (with / none - 1) * 100}' |
  figure "build with checkpoints, median wall beyond that without" % 3
figure "time blocked in the syncs of checkpoints" % 1 <<<"${shares%$'\n'}"

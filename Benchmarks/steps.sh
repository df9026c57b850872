# The cost of a step: 200 approved steps that run `true` and have no effects.

say "steps: 200 times true"
recipe=$folder/steps.yaml
{
  printf 'name: bench-steps\ndescription: Two hundred times nothing\n'
  printf 'rollback: {description: nothing to undo}\nsteps:\n'
  for number in $(seq 1 200); do
    printf '  - {id: s%s, label: Step %s, command: ["true"], risk: low, effects: none}\n' \
      "$number" "$number"
  done
} >"$recipe"

runs=
for _ in 1 2 3 4 5; do
  fresh_journal steps
  planned "$recipe"
  runs+=$(measured 0 "$pawl" runner 1 "${at[@]}")$'\n'
done
runs=${runs%$'\n'}
column 1 200000 <<<"$runs" | figure "a step, wall" ms
column 2 200000 <<<"$runs" | figure "a step, the runner's own CPU" ms
column 4 1000 <<<"$runs" | figure "200 steps, the runner's peak memory" MB 40

if command -v strace >/dev/null; then
  fresh_journal steps
  planned "$recipe"
  strace -f -c -o "$folder/syncs" -e trace=fdatasync,fsync,syncfs "$pawl" runner 1 "${at[@]}"
  awk '$NF ~ /sync/ {count += $4} END {print count + 0}' "$folder/syncs" |
    figure "200 steps, fdatasync, fsync and syncfs" calls 220
else
  echo "# strace is missing: syncs are not counted"
fi

# A step that prints a gigabyte, with one line of 100 MB: memory and journal stay bounded.

say "output: 1 GB, one line of 100 MB"
recipe=$folder/output.yaml
cat >"$recipe" <<END
name: bench-output
description: Print a gigabyte
rollback: {description: nothing to undo}
steps:
  - {id: print, label: Print, command: [$tools/noise, "1000000000", "100000000"], risk: low, effects: none}
END

runs= sizes=
for _ in 1 2 3; do
  fresh_journal output
  planned "$recipe"
  before=$(journal_megabytes "$folder/output/journal.db")
  runs+=$(measured 0 "$pawl" runner 1 "${at[@]}")$'\n'
  after=$(journal_megabytes "$folder/output/journal.db")
  sizes+=$(awk "BEGIN {print $after - $before}")$'\n'
done
runs=${runs%$'\n'}
column 4 1000 <<<"$runs" | figure "1 GB of output, the runner's peak memory" MB 40
column 1 1000000 <<<"$runs" | figure "1 GB of output, wall" s
column 2 1000000 <<<"$runs" | figure "1 GB of output, the runner's own CPU" s
echo "# journal before: $before MB, after: $after MB"
figure "1 GB of output, growth of the journal" MB 20 <<<"${sizes%$'\n'}"
"$pawl" logs 1 "${at[@]}" >"$folder/output.log"
cut=$(grep -a '^\[pawl: .* cut here\]$' "$folder/output.log") || stop "pawl logs does not say what was cut"
echo "# pawl logs says: $cut"

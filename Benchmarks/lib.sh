# What the parts of bench.sh share.

say() { printf '\n# %s\n' "$*"; }
stop() { printf 'bench: %s\n' "$*" >&2; exit 2; }

wait_for_quiet() {
  [ -n "$LOAD" ] || return 0
  for _ in $(seq 1 120); do
    awk -v most="$LOAD" '{exit !($1 <= most)}' /proc/loadavg && return 0
    sleep 5
  done
  echo "# the machine is not quiet: load $(cut -d' ' -f1-3 /proc/loadavg)"
}

# figure NAME UNIT [LIMIT] <values, one a line: the median, with least and most.
figure() {
  local line
  line=$(sort -g | awk -v name="$1" -v unit="$2" -v limit="${3:-}" '
    {value[NR] = $1}
    END {
      if (NR == 0) exit 1
      middle = NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2
      printf "%s: %.4g %s (%.4g … %.4g)", name, middle, unit, value[1], value[NR]
      if (limit != "") printf "   [at most %s: %s]", limit, middle <= limit + 0 ? "ok" : "TOO MUCH"
      print ""
    }')
  [ -n "$line" ] || stop "$1 has no values"
  echo "$line"
  case $line in *"TOO MUCH]") failed=1 ;; esac
}

# median <values, one a line.
median() {
  sort -g | awk '{value[NR] = $1}
    END {print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2}'
}

# column N [DIVISOR] <lines of measure: that column.
column() { awk -v column="$1" -v divisor="${2:-1}" '{print $column / divisor}'; }

# measured STATUS OPTION… PROGRAM ARGUMENT…: measure, where every run has to end with STATUS.
measured() {
  local wanted=$1 lines
  shift
  lines=$("$tools/measure" "$@")
  if awk -v wanted="$wanted" '$5 != wanted {exit 1}' <<<"$lines"; then
    echo "$lines"
  else
    stop "$* ended otherwise than with $wanted: $lines"
  fi
}

# fresh_journal NAME: an empty folder for a journal and the options that name it, in `at`.
fresh_journal() {
  rm -rf "${folder:?}/$1"
  mkdir -p -m 0700 "$folder/$1"
  mkdir -p "$folder/$1/root/boot"
  at=(--journal "$folder/$1/journal.db" --root "$folder/$1/root")
}

# planned RECIPE: plan 1 of the journal in `at`, every step approved by its digest.
planned() {
  local plan
  "$pawl" plan "$1" "${at[@]}" >/dev/null
  plan=$("$pawl" show 1 --json "${at[@]}")
  mapfile -t approvals < <(python3 -c 'import json,sys
plan = json.load(sys.stdin)
for s in plan["steps"]: print("--step", s["id"], "--digest", s["digest"], sep="\n")
print("--host", plan["host"], sep="\n")' <<<"$plan")
  "$pawl" approve 1 "${approvals[@]}" "${at[@]}" >/dev/null
}

journal_megabytes() { cat "$1"* 2>/dev/null | wc -c | awk '{printf "%.1f", $1 / 1e6}'; }

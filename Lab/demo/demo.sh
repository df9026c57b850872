#!/bin/bash
# Builds a real kernel from Debian's source below a throwaway folder, kills runner and make in the
# middle, resumes, and shows the history. Changes nothing outside that folder.
#
# usage: demo.sh PAWL [FOLDER]     KEEP=1 keeps the folder
set -euo pipefail

pawl=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
folder=${2:-$(mktemp -d /var/tmp/pawl-demo.XXXXXX)}
chmod 0755 "$folder"
mkdir -p "$folder/root"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
at=(--journal "$folder/journal/journal.db" --root "$folder/root")
work=$folder/work
# Steps without root run as an account that owns nothing when root itself asks.
if [ "$(id -u)" -eq 0 ]; then
  mkdir "$folder/builder" && chown 65534:65534 "$folder/builder"
  work=$folder/builder/work
fi

say() { printf '\n=== %s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }
field() { python3 -c 'import json,sys; v=json.load(sys.stdin)
for k in sys.argv[1].split("."): v=None if v is None else v[k]
print("" if v is None else v)' "$1"; }
compiled() { # the objects that an attempt of the build compiled, one a line
  "$pawl" logs 1 --step build "${at[@]}" |
    awk -v want="$1" '/^== build attempt /{now=$4} now==want && /^  (CC|AS) /{print $NF}' | sort -u
}

say "1. A plan: one option asked for, every step frozen"
"$pawl" plan kernel-rebuild "${at[@]}" --set "work=$work" \
  --set "config=$here/small.config" --set options=PRINTK_TIME=y

say "2. Every step approved by its digest, as a script does it"
"$pawl" show 1 --json "${at[@]}" >"$folder/plan.json"
host=$(field host <"$folder/plan.json")
release=$(field new_release <"$folder/plan.json")
mapfile -t approvals < <(python3 -c 'import json,sys
for s in json.load(open(sys.argv[1]))["steps"]:
  print("--step"); print(s["id"]); print("--digest"); print(s["digest"])' "$folder/plan.json")
"$pawl" approve 1 "${approvals[@]}" --host "$host" "${at[@]}"

say "3. Run, and kill -9 runner and make in the middle of the build"
"$pawl" run 1 "${at[@]}" </dev/null &
window=$!
percent=0
for _ in $(seq 1 3000); do
  kill -0 $window 2>/dev/null || break
  line=$("$pawl" status 1 "${at[@]}" | grep -o 'build is started.* percent' || true)
  percent=$(grep -o '[0-9]* percent' <<<"$line" | cut -d' ' -f1 || true)
  [ "${percent:-0}" -ge 45 ] && break
  sleep 0.2
done
[ "${percent:-0}" -ge 40 ] && [ "$percent" -le 60 ] || fail "the build was not met at 40 to 60 percent"
runner=$("$pawl" status 1 --json "${at[@]}" | field runner.pid)
[ -n "$runner" ] || fail "there is no runner to kill"
groups=$(ps -o pgid= --ppid "$runner" | sort -u)
kill -9 "$runner"
for group in $groups; do kill -9 -- "-$group" 2>/dev/null || true; done
echo "Killed the runner ($runner) and its build at $percent percent."
wait $window && fail "run should not report success" || true
"$pawl" status 1 "${at[@]}"

say "4. Resume: nothing else is said or done"
status=0
"$pawl" resume 1 "${at[@]}" </dev/null || status=$?
[ $status -eq 102 ] || fail "expected to stop at the restart (102), got $status"

say "5. What was reused"
compiled 1 >"$folder/first"
compiled 2 >"$folder/second"
finished=$(wc -l <"$folder/first")
again=$(comm -12 "$folder/first" "$folder/second" | wc -l)
echo "$finished objects were begun before the kill, $again of them compiled again after it."
[ $((again * 10)) -le "$finished" ] || fail "less than 90 percent was reused"

say "6. The option, proven in the installed image"
image=$folder/root/boot/vmlinuz-$release
modules=$(find "$folder/root/lib/modules/$release" -name '*.ko*' | wc -l)
"$work/source/scripts/extract-ikconfig" "$image" | grep -x CONFIG_PRINTK_TIME=y ||
  fail "the image does not have the option"
[ -s "$folder/root/lib/modules/$release/modules.dep" ] || fail "modules.dep is missing"
[ "$modules" -ge 10 ] || fail "only $modules modules are installed"
echo "$image: $(stat -c %s "$image") bytes; $modules modules installed."

say "7. The history of it all"
"$pawl" history show 1 "${at[@]}"
"$pawl" history list --option PRINTK_TIME "${at[@]}"
"$pawl" history verify "${at[@]}"
"$pawl" status "${at[@]}"

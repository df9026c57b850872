# `pawl status` on a long journal that passes `pawl history verify`: whole processes.

say "status: a journal of $EVENTS events"
journal=$folder/events-$EVENTS/journal.db
# Made anew, too, where this Pawl has another schema than the one that made it.
if [ ! -e "$folder/events-$EVENTS/whole" ] || ! "$pawl" status --journal "$journal" &>/dev/null; then
  rm -rf "$folder/events-$EVENTS"
  mkdir -m 0700 "$folder/events-$EVENTS"
  "$tools/make-journal" "$journal" "$EVENTS" | sed 's/^/# /'
  touch "$folder/events-$EVENTS/whole"
fi
echo "# $(du -m "$journal" | cut -f1) MB"
measured 0 --runs 3 "$pawl" status --journal "$journal" >/dev/null # warms the cache
runs=$(measured 0 --runs 50 "$pawl" status --journal "$journal")
column 1 1000 <<<"$runs" | figure "status, wall of 50 processes" ms 25
runs=$(measured 0 "$pawl" history verify --journal "$journal")
column 1 1000000 <<<"$runs" | figure "history verify" s
column 4 1000 <<<"$runs" | figure "history verify, peak memory" MB

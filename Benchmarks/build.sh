# A kernel build through Pawl against bare `make`, in turns. Both work on a copy of the same
# prepared tree in the same folder, as the same user, with the same environment, output to a file,
# no standard input, and at nice 10, which is where Pawl runs builds. Pawl's time is that of the
# whole runner: opening the journal, counting the objects, the build, and the sync at its end.

say "build: $TARGET, $PAIRS pairs"
. "$here/kernel.sh"

pawls= makes= ratios=
for pair in $(seq 1 "$PAIRS"); do
  if [ $((pair % 2)) -eq 1 ]; then
    pawl_run=$(by_pawl)
    make_run=$(by_make)
  else
    make_run=$(by_make)
    pawl_run=$(by_pawl)
  fi
  echo "# pair $pair: pawl $pawl_run, make $make_run"
  pawls+=$pawl_run$'\n' makes+=$make_run$'\n'
  ratios+=$(awk "BEGIN {print (${pawl_run%% *} / ${make_run%% *} - 1) * 100}")$'\n'
done
pawls=${pawls%$'\n'} makes=${makes%$'\n'}
column 1 1000000 <<<"$makes" | figure "build by bare make, wall" s
column 1 1000000 <<<"$pawls" | figure "build by Pawl, wall" s
figure "build by Pawl, wall beyond make's in the same pair" % <<<"${ratios%$'\n'}"
awk -v pawl="$(column 1 <<<"$pawls" | median)" -v make="$(column 1 <<<"$makes" | median)" \
  'BEGIN {print (pawl / make - 1) * 100}' |
  figure "build by Pawl, median wall beyond make's median" % 3
awk '{print $2 / $3 * 100}' <<<"$pawls" | figure "the runner's own CPU, of its children's" % 1
column 3 1000000 <<<"$pawls" | figure "build by Pawl, the children's CPU" s
awk '{print ($2 + $3) / 1000000}' <<<"$makes" | figure "build by bare make, CPU" s
column 4 1000 <<<"$pawls" | figure "build by Pawl, the runner's peak memory" MB 40

# A kernel build through Pawl against bare `make`, in turns. Both work on a copy of the same
# prepared tree in the same folder, as the same user, with the same environment, output to a file,
# no standard input, and at nice 10, which is where Pawl runs builds. Pawl's time is that of the
# whole runner: opening the journal, counting the objects, the build, and the sync at its end.

say "build: $TARGET, $PAIRS pairs"
kernel=$folder/kernel
source=$kernel/source
build=$kernel/build
jobs=$(nproc)
environment=(
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC TERM=dumb
  DEBIAN_FRONTEND=noninteractive HOME="$kernel" USER=builder
)
builder=()
if [ "$(id -u)" -eq 0 ]; then
  # Pawl's own choice where root asks: an account that owns nothing.
  builder=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
fi
as_builder() { "${builder[@]}" env -i "${environment[@]}" "$@"; }

if [ ! -e "$kernel/whole" ]; then
  archive=$(ls /usr/src/linux-source-*.tar.* 2>/dev/null | sort -V | tail -n 1)
  [ -n "$archive" ] || stop "there is no kernel source: apt-get install linux-source"
  rm -rf "$kernel"
  mkdir -m 0755 "$kernel"
  [ "$(id -u)" -ne 0 ] || chown 65534:65534 "$kernel"
  as_builder mkdir "$source" "$build"
  as_builder tar -xf "$archive" -C "$source" --strip-components=1
  as_builder cp "$here/../Lab/demo/small.config" "$build/.config"
  for target in olddefconfig prepare; do
    as_builder make -C "$source" O="$build" -j"$jobs" "$target" >"$folder/prepare.log" 2>&1 ||
      stop "the tree could not be prepared: $folder/prepare.log"
  done
  as_builder mv "$build" "$kernel/prepared"
  touch "$kernel/whole"
fi

recipe=$folder/build.yaml
cat >"$recipe" <<END
name: bench-build
description: Build a prepared kernel tree
rollback: {description: nothing to undo}
# A path that begins with a parameter is taken as it comes, not below the root.
parameters: {work: {default: $kernel, pattern: "^/.+$"}}
steps:
  - id: build
    label: Build
    build:
      directory: "{{work}}/build"
      argv: [make, -C, "{{work}}/source", "O={{work}}/build", -j$jobs]
      targets: [${TARGET// /, }]
    risk: high
    timeout: 12h
END

fresh_tree() {
  rm -rf "$build"
  as_builder cp -a "$kernel/prepared" "$build"
  # Neither contender writes back what the other left.
  sync
}

by_pawl() {
  fresh_tree
  fresh_journal build
  planned "$recipe"
  measured 0 "$pawl" runner 1 "${at[@]}"
}

by_make() {
  fresh_tree
  rm -f "$kernel/make.log"
  # shellcheck disable=SC2086
  measured 0 --out "$kernel/make.log" nice -n 10 "${builder[@]}" env -i "${environment[@]}" \
    make -C "$source" O="$build" -j"$jobs" $TARGET
}

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

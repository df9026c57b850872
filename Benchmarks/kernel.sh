# What the parts that build a kernel share: a prepared tree, and a build of a copy of it by Pawl, by
# another Pawl, or by bare `make`.

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

by_pawl() { # [PROGRAM]
  fresh_tree
  fresh_journal build
  planned "$recipe"
  measured 0 "${1:-$pawl}" runner 1 "${at[@]}"
}

by_make() {
  fresh_tree
  rm -f "$kernel/make.log"
  # shellcheck disable=SC2086
  measured 0 --out "$kernel/make.log" nice -n 10 "${builder[@]}" env -i "${environment[@]}" \
    make -C "$source" O="$build" -j"$jobs" $TARGET
}


#!/bin/bash
# Looks with `pawl detect --root` and `pawl check --root` at a Debian that was made for it: a minimal
# bookworm in a throwaway folder, with the cloud kernel of this host's mirror unpacked into it.
# Nothing of this host is changed, save that debootstrap is installed where it is missing.
#
# usage: debian.sh PAWL     KEEP=1 keeps the folder
set -euo pipefail

pawl=$(realpath "$1")
if [ "$(id -u)" -ne 0 ]; then exec sudo KEEP="${KEEP:-}" "$0" "$pawl"; fi
suite=bookworm
folder=$(mktemp -d /var/tmp/pawl-debian.XXXXXX)
tree=$folder/tree
child=

say() { printf '\n=== %s (%s s so far)\n' "$*" "$SECONDS"; }
fail() { printf 'debian: %s\n' "$*" >&2; exit 1; }

# In a process group of its own, so that an interruption ends all of it.
run() {
  setsid "$@" &
  child=$!
  wait "$child"
  child=
}

# What debootstrap has mounted goes first: nothing is removed through a mount.
clean() {
  trap '' INT TERM
  if [ -n "$child" ]; then
    kill -TERM -- "-$child" 2>/dev/null || true
    for _ in $(seq 1 100); do kill -0 -- "-$child" 2>/dev/null || break; sleep 0.1; done
    kill -KILL -- "-$child" 2>/dev/null || true
  fi
  if [ -n "${KEEP:-}" ]; then echo "Kept: $folder"; return; fi
  awk -v below="$folder/" 'index($2, below) == 1 {print $2}' /proc/self/mounts | sort -r |
    while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
  rm -rf --one-file-system "$folder"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "1. A minimal $suite below $folder"
if ! command -v debootstrap >/dev/null; then
  run env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends debootstrap debian-archive-keyring
fi
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
  awk -v suite="$suite" '$1 == suite {print $2; exit}')
run debootstrap --variant=minbase "$suite" "$tree" ${mirror:+"$mirror"} >"$folder/log" 2>&1 ||
  { tail -20 "$folder/log" >&2; fail "debootstrap did not make a tree"; }

say "2. A kernel in it"
meta=linux-image-cloud-$(dpkg --print-architecture)
image=$(apt-cache depends --important "$meta" | awk '$1 == "Depends:" {print $2; exit}')
[ -n "$image" ] || fail "$meta is not known here; run apt-get update"
release=${image#linux-image-}
mkdir "$folder/package"
(cd "$folder/package" && apt-get download -qq -o APT::Sandbox::User=root "$image")
# dpkg-deb -x would put a folder in the place of the link /lib.
dpkg-deb --fsys-tarfile "$folder/package/"*.deb |
  tar --extract --keep-directory-symlink --directory "$tree"
depmod --basedir "$tree" "$release"
config=$tree/boot/config-$release
modules=$tree/lib/modules/$release
for made in "$config" "$modules/modules.dep" "$modules/modules.builtin"; do
  [ -s "$made" ] || fail "$made was not made"
done
# What is asked below has to be what this kernel has.
for line in CONFIG_WIREGUARD=m CONFIG_SMP=y CONFIG_EXT4_FS=y "# CONFIG_SOUND is not set"; do
  grep -qxF "$line" "$config" || fail "$image has no longer: $line"
done
if grep -q CONFIG_PAWL_NEVER_WAS "$config"; then fail "CONFIG_PAWL_NEVER_WAS is an option"; fi
grep -q '/virtio-rng\.ko:' "$modules/modules.dep" || fail "$image has no virtio-rng"
grep -q '/virtio_net\.ko:' "$modules/modules.dep" || fail "$image has no virtio_net"
grep -q '/mq-deadline\.ko$' "$modules/modules.builtin" || fail "$image has no mq-deadline inside"

say "3. What detect and check say of it"
state() { find "$tree" -printf '%p %s %m %T@ %C@\n' | sort | sha256sum; }
before=$(state)
"$pawl" detect --root "$tree" --json --module virtio_rng --module virtio-net --module wireguard \
  --module ext4 --module mq_deadline --module mq-deadline --module pawl_never_was >"$folder/detect.json"
"$pawl" check --root "$tree" --json WIREGUARD SMP SOUND CONFIG_PAWL_NEVER_WAS virtio_rng \
  mq_deadline >"$folder/check.json" || [ $? -lt 64 ] || fail "check did not answer"
[ "$(state)" = "$before" ] || fail "looking at the tree has changed it"

python3 -c '
import json, sys
folder, release = sys.argv[1:]
detect = json.load(open(folder + "/detect.json"))
check = {c["name"]: c for c in json.load(open(folder + "/check.json"))["checks"]}
kernel, modules = detect["kernel"], detect["kernel"]["module_check"]
faults = 0

def see(what, found, wanted):
    global faults
    good = found == wanted
    faults += not good
    print("%-4s %-58s %s" % ("ok" if good else "NOT", what, json.dumps(found)))

def module(name, state, compiled, config, path):
    m = modules[name]
    see("module %s: state" % name, m["state"], state)
    see("module %s: a file of it exists" % name, m["compiled"], compiled)
    see("module %s: state of its option" % name, m["config_state"], config)
    if config is None:
        see("module %s: why that is not known" % name, "no known symbol" in m["reason"], True)
    if path: see("module %s: its file" % name, (m["path"] or "").rsplit("/", 1)[-1], path)

see("distribution", detect["host"]["os"]["id"], "debian")
see("family", detect["host"]["os"]["family"], "debian")
see("version", detect["host"]["os"]["version_id"], "12")
see("kernel", kernel["version"], release)
see("configuration is there", kernel["config_available"], True)
see("configuration comes from", kernel["config_path"], "/boot/config-" + release)
see("configuration is that of this kernel", kernel["config_matches_version"], True)
see("each module once, with underscores", sorted(modules),
    ["ext4", "mq_deadline", "pawl_never_was", "virtio_net", "virtio_rng", "wireguard"])
module("virtio_rng", "available", True, None, "virtio-rng.ko")
module("virtio_net", "available", True, "m", "virtio_net.ko")
module("wireguard", "available", True, "m", "wireguard.ko")
module("ext4", "builtin", False, "y", None)
module("mq_deadline", "builtin", False, None, None)
module("pawl_never_was", "missing", False, None, None)
see("dependencies are known", "libchacha20poly1305" in modules["wireguard"]["dependencies"], True)

def option(name, words):
    sentence = check[name]["sentence"]
    see("option %s: %s" % (name, words), words in sentence or sentence, True)

option("WIREGUARD", "CONFIG_WIREGUARD=m in /boot/config-" + release)
option("SMP", "CONFIG_SMP=y in /boot/config-" + release)
option("SOUND", "is switched off")
option("PAWL_NEVER_WAS", "is not in /boot/config-" + release)
see("SMP is there", check["SMP"]["verdict"], "have")
see("SOUND takes another kernel", check["SOUND"]["verdict"], "needs-kernel")
see("mq_deadline is built in", check["mq_deadline"]["verdict"], "have")
sys.exit("debian: %d answers are wrong" % faults if faults else 0)
' "$folder" "$release"
say "Every answer is right"

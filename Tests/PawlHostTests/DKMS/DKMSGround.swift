import Foundation
import PawlModel

@testable import PawlHost

/// A host with a module for DKMS in `/usr/src`, and a stand-in for `dkms` that treats its tree as dkms.in
/// 3.0.10 does, its traps included; an argument that the real one does not have is an error.
struct DKMSGround {
  static let module = DKMSModule(name: "demo", version: "1.0")
  static let kernel = DKMSKernel.ofThisMachine(LoaderGround.running)
  static let folder = "/lib/modules/\(kernel.release)"
  static let installed = "\(folder)/updates/dkms/demo.ko"
  static var built: String { "\(module.built(for: kernel))/module/demo.ko" }

  let ground: LoaderGround
  var root: HostRoot { ground.root }

  init() throws {
    ground = try LoaderGround()
    try ground.lay("/etc/os-release", "ID=debian\n")
    try ground.lay("/usr/sbin/dkms", "")
    try layModule("1.0")
    try ground.lay("\(Self.folder)/modules.dep", "")
    for name in ["Makefile", ".config", "include/generated/autoconf.h"] {
      try ground.lay("\(Self.folder)/build/\(name)", "")
    }
    try ground.addProgram("dkms", Self.dkms)
    try ground.addProgram("depmod", Self.depmod)
    try ground.addProgram("modinfo", Self.modinfo)
  }

  func layModule(_ version: String) throws {
    let source = "/usr/src/demo-\(version)"
    try ground.lay(
      "\(source)/dkms.conf",
      """
      PACKAGE_NAME="demo"
      PACKAGE_VERSION="\(version)"
      BUILT_MODULE_NAME[0]="demo"
      DEST_MODULE_LOCATION[0]="/extra"

      """)
    try ground.lay("\(source)/demo.c", "built of \(version)\n")
  }

  private func target(_ module: DKMSModule) -> DKMSTarget {
    DKMSTarget(root: root, module: module, kernel: Self.kernel)
  }

  func build(_ module: DKMSModule = Self.module) -> DKMSBuild {
    DKMSBuild(target(module), tool: tool)
  }

  func install(_ module: DKMSModule = Self.module) -> DKMSInstall {
    DKMSInstall(target(module), tool: tool)
  }

  func verify(needsSignatures: Bool = false) throws -> [String] {
    try DKMSVerification(
      target(Self.module), files: LiveHost(),
      information: ground.output(processes: LiveHost()), needsSignatures: needsSignatures
    ).check()
  }

  private var tool: Tool { ground.tool(processes: LiveHost()) }

  /// `FAILS` in the source is what make then prints.
  private static let dkms = """
    verb=$1
    shift
    force=
    while [ $# -gt 0 ]; do
      case $1 in
        -m) m=$2; shift 2 ;;
        -v) v=$2; shift 2 ;;
        -k) k=$2; shift 2 ;;
        --force) force=yes; shift ;;
        --all) shift ;;
        *) echo "Error! Unknown option: $1" >&2; exit 2 ;;
      esac
    done
    tree=$FIXTURE_ROOT/var/lib/dkms/$m
    base=$tree/$v/${k:-none}/\(kernel.architecture)
    link=$tree/kernel-${k:-none}-\(kernel.architecture)
    source=$FIXTURE_ROOT/usr/src/$m-$v
    target=$FIXTURE_ROOT/lib/modules/${k:-none}/updates/dkms
    uninstall() {
      if [ "$(readlink "$link" || true)" = "$v/$k/\(kernel.architecture)" ]; then
        rm -f "$target/$m.ko" "$link"
      fi
      "$(dirname "$0")/depmod" -a "$k"
    }
    case $verb in
      add)
        [ ! -L "$tree/$v/source" ] || { echo "Error! DKMS tree already contains: $m-$v" >&2; exit 3; }
        mkdir -p "$tree/$v/build"
        ln -s "/usr/src/$m-$v" "$tree/$v/source" ;;
      build)
        if [ -e "$base/module/$m.ko" ]; then
          echo "Module $m/$v already built for kernel $k, skip."
          exit 0
        fi
        [ ! -d "$base" ] || { echo "Error! This module/version has already been built on: $k" >&2; exit 3; }
        mkdir -p "$tree/$v/build"
        if [ -e "$source/FAILS" ]; then
          cp "$source/FAILS" "$tree/$v/build/make.log"
          echo "Error! Bad return status for module build on kernel: $k" >&2
          exit 10
        fi
        mkdir -p "$base/log" "$base/module"
        echo made >"$base/log/make.log"
        { cat "$source/$m.c"; echo "vermagic=$k SMP"; } >"$base/module/$m.ko"
        rm -rf "$tree/$v/build" ;;
      install)
        if [ "$(readlink "$link" || true)" = "$v/$k/\(kernel.architecture)" ]; then
          [ -n "$force" ] || { echo "Module $m/$v already installed on kernel $k, skip."; exit 0; }
        fi
        mkdir -p "$target"
        cp "$base/module/$m.ko" "$target/$m.ko"
        rm -f "$link"
        ln -s "$v/$k/\(kernel.architecture)" "$link"
        "$(dirname "$0")/depmod" -a "$k" ;;
      uninstall) uninstall ;;
      remove)
        # What is there for a kernel, be it an empty folder, keeps it registered.
        if [ -n "$(find "$tree/$v" -mindepth 1 -maxdepth 1 -type d ! -name build)" ]; then exit 0; fi
        rm -rf "${tree:?}/$v"
        rmdir "$tree" 2>/dev/null || true ;;
      *) echo "Error! Unknown action specified: $verb" >&2; exit 1 ;;
    esac

    """

  private static let depmod = """
    [ "$1" = -a ] || exit 1
    cd "$FIXTURE_ROOT/lib/modules/$2"
    find kernel updates -name '*.ko' 2>/dev/null | sed 's/$/:/' >modules.dep || true

    """

  private static let modinfo = """
    [ "$1" = -F ] || exit 1
    sed -n "s/^$2=//p" "$3"

    """
}

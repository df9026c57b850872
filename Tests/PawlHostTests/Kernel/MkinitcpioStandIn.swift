/// mkinitcpio(8), as far as Pawl asks it: each option has a value, every hook that is added is in one of the
/// folders that are named, and its configuration is one that bash reads.
enum MkinitcpioStandIn {
  static let script = """
    out= of= hooks= dirs= config=
    while [ $# -gt 0 ]; do
      case $1 in
      --kernel) of=$2 ;;
      --generate) out=$2 ;;
      --config) config=$2 ;;
      --addhooks) hooks="$hooks $2" ;;
      --hookdir) dirs="$dirs $2" ;;
      *) exit 64 ;;
      esac
      shift 2
    done
    echo "070701 for $of, hooks:$hooks" >"$out"
    for hook in $hooks; do
      found=
      for dir in $dirs; do
        [ ! -x "$dir/install/$hook" ] || found=$dir
      done
      [ -n "$found" ]
      bash -n "$found/install/$hook"
      ! grep -q add_runscript "$found/install/$hook" || cat "$found/hooks/$hook" >>"$out"
    done
    [ -z "$config" ] || bash -n "$config"

    """

  /// What the hook for a file adds, and where, and which module is first.
  static let added = """
    grep MODULES "$config" >>"$out"
    set -- $(grep add_file "$found/install/pawl-early" | tr -d '"')
    echo "$3" >>"$out"
    cat "$2" >>"$out"

    """
}

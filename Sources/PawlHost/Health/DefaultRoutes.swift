/// The devices that a default route leads through, from `/proc/net/route` and
/// `/proc/net/ipv6_route` (Documentation/networking/proc_net_tcp.rst has their like; the columns are
/// those of `fib_route_seq_show` and `rt6_info_route`).
enum DefaultRoutes {
  /// Sorted; empty where there is none.
  static func devices(root: HostRoot) -> [String] {
    let four = root.text("/proc/net/route").value.map { inet($0) } ?? []
    let six = root.text("/proc/net/ipv6_route").value.map { inet6($0) } ?? []
    return Set(four + six).sorted()
  }

  /// Iface Destination Gateway Flags RefCnt Use Metric Mask …
  static func inet(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.words()
      guard fields.count >= 8, fields[1] == "00000000", fields[7] == "00000000",
        leadsOn(fields[3])
      else { return nil }
      return fields[0]
    }
  }

  /// Destination, its length, source, its length, next hop, metric, references, uses, flags, device.
  static func inet6(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.words()
      guard fields.count >= 10, fields[1] == "00", fields[0].allSatisfy({ $0 == "0" }),
        fields[9] != "lo", leadsOn(fields[8])
      else { return nil }
      return fields[9]
    }
  }

  /// RTF_UP, and not RTF_REJECT (`linux/route.h`).
  private static func leadsOn(_ flags: String) -> Bool {
    guard let flags = UInt32(flags, radix: 16) else { return false }
    return flags & 0x1 != 0 && flags & 0x200 == 0
  }
}

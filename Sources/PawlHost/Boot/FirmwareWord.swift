extension RandomAccessCollection<UInt8> where Index == Int {
  /// Four bytes from a place on, the least first, as UEFI and PE files have their numbers.
  func word(_ at: Int) -> Int { self[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | Int($1) } }
}

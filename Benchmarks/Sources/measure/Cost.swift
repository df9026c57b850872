/// What one run of a program cost.
struct Cost {
  var wallMicros: Int64
  var ownMicros: Int64
  var childrenMicros: Int64
  var peakKilobytes: Int64
  var status: Int32

  var line: String { "\(wallMicros) \(ownMicros) \(childrenMicros) \(peakKilobytes) \(status)" }
}

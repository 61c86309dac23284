/// Requests whose exposures have all been taken already, by a fingerprint of what they were exposed to.
///
/// A shortcut before the deduplicator: a user who asks again in the same window costs one look-up instead of one for
/// each experiment. It forgets everything when a window ends or an exposure has to be reported again.
struct ReportedMarks: Sendable {
    /// Marks of one generation; the older of two is dropped.
    private let marksMax: Int
    private var window: Int64 = .min
    private var young = FingerprintSet()
    private var old = FingerprintSet()

    init(marksMax: Int) { self.marksMax = marksMax }

    func contains(_ mark: UInt64, window: Int64) -> Bool {
        window == self.window && (young.contains(mark) || old.contains(mark))
    }

    mutating func insert(_ mark: UInt64, window: Int64) {
        if window != self.window {
            forget()
            self.window = window
        }
        if young.count >= marksMax {
            old = young
            young = FingerprintSet()
        }
        _ = young.insert(mark)
    }

    mutating func forget() {
        young = FingerprintSet()
        old = FingerprintSet()
    }
}

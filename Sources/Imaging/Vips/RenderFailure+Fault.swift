import CVips
import DeliveryTypes

extension RenderFailure {
    /// What libvips said, told as whose fault it is.
    init(_ fault: vt_fault, readingSource: Bool) {
        // SAFETY: the text is a C array inside the struct, always ended by a zero.
        let text = unsafe withUnsafeBytes(of: fault.text) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let reason = text.trimmingSuffix { $0 == ";" || $0 == " " }
        if text.contains("out of memory") {
            self.init(.workerFault, "There was not enough memory: \(reason).")
        } else if !readingSource {
            self.init(.workerFault, "libvips failed: \(reason).")
        } else if text.contains("Security limit exceeded") {
            // libheif's own bounds of sizes, counts and memory.
            self.init(.limitExceeded, "The picture is too large or too complex: \(reason).")
        } else if text.contains("no known route") {
            self.init(.unsupportedSource, "The picture's colours are of a kind that is not read: \(reason).")
        } else {
            self.init(.corruptSource, "The picture is damaged or incomplete: \(reason).")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> Substring {
        var end = endIndex
        while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}

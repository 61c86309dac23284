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
        if text.contains("out of memory") || text.contains("alloc") {
            self.init(.workerFault, "not enough memory: \(reason)")
        } else if readingSource {
            self.init(.corruptSource, "the picture is damaged or incomplete: \(reason)")
        } else {
            self.init(.workerFault, "libvips failed: \(reason)")
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

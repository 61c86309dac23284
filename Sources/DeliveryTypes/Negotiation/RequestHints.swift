/// The request headers that may change which rendition is the right one.
///
/// A header that came several times is given joined by commas, as HTTP allows.
package struct RequestHints: Hashable, Sendable {
    /// `Accept` (RFC 9110 §12.5.1).
    package var accept: String?
    /// `Sec-CH-DPR` and its old name `DPR`.
    package var secCHDPR: String?
    package var dpr: String?
    /// `Sec-CH-Width` and its old name `Width`: the picture's width on the page, in device pixels.
    package var secCHWidth: String?
    package var width: String?
    /// `Save-Data`.
    package var saveData: String?

    package init(
        accept: String? = nil,
        secCHDPR: String? = nil,
        dpr: String? = nil,
        secCHWidth: String? = nil,
        width: String? = nil,
        saveData: String? = nil
    ) {
        self.accept = accept
        self.secCHDPR = secCHDPR
        self.dpr = dpr
        self.secCHWidth = secCHWidth
        self.width = width
        self.saveData = saveData
    }

    /// The device pixel ratio that the client states, brought into 0.5…8 and rounded to thousandths; `nil` where it
    /// states none or not a positive number.
    var devicePixelRatio: Double? {
        for header in [secCHDPR, dpr] {
            guard let header, header.utf8.count <= GrammarLimits.numberCharactersMax,
                let value = Double(Self.trimmed(header)), value.isFinite, value > 0
            else { continue }
            let bounded = min(max(value, 0.5), 8)
            return (bounded * 1_000).rounded() / 1_000
        }
        return nil
    }

    /// The width that the client states, in device pixels, at most 16,384; `nil` where it states none above 0.
    var deviceWidth: Int? {
        for header in [secCHWidth, width] {
            guard let header, header.utf8.count <= GrammarLimits.numberCharactersMax,
                let value = Int(Self.trimmed(header)), value > 0
            else { continue }
            return min(value, 16_384)
        }
        return nil
    }

    var wantsLessData: Bool {
        guard let saveData else { return false }
        return saveData.split(separator: ",").contains { Self.trimmed($0).lowercased() == "on" }
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(text)
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

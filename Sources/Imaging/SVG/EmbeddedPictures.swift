import DeliveryTypes
import FoundationEssentials

/// The pictures inside a drawing (`data:` references), held to the limits of pictures before anything draws them.
///
/// A drawing library decodes them whole, whatever the size of the result.
enum EmbeddedPictures {
    private static let marker = Array("data:image/".utf8)
    private static let formats: Set<ImageFormat> = [.png, .jpeg, .gif, .webp]

    /// Checks every embedded picture's header, and the pixels of all together.
    ///
    /// - Parameters:
    ///   - drawing: a sanitised SVG.
    ///   - limits: those of a picture.
    /// - Throws: `limitExceeded`, or `corruptSource` where one is not the picture it is said to be.
    static func check(_ drawing: [UInt8], limits: RenderLimits) throws(RenderFailure) {
        var total = 0
        var position = 0
        while let start = next(in: drawing, from: position) {
            guard let comma = drawing[start...].firstIndex(of: UInt8(ascii: ",")) else { return }
            let end = drawing[comma...].firstIndex { [0x22, 0x27, 0x29, 0x3C].contains($0) } ?? drawing.endIndex
            let isBase64 = drawing[start..<comma].suffix(7).elementsEqual(";base64".utf8)
            let bytes = isBase64 ? base64(drawing[comma + 1..<end]) : percentDecoded(drawing[comma + 1..<end])
            position = end
            guard let format = FormatSniffer.finding(for: bytes.span)?.format, formats.contains(format) else {
                throw RenderFailure(.corruptSource, "A picture inside the drawing cannot be read.")
            }
            total += try SourcePicture(SourceBytes(copying: bytes), limits: limits).facts.size.area
            guard total <= limits.sourcePixelsMax else {
                throw RenderFailure(
                    .limitExceeded,
                    "The pictures inside the drawing have more than \(limits.sourcePixelsMax) pixels."
                )
            }
        }
    }

    private static func next(in bytes: [UInt8], from position: Int) -> Int? {
        var at = position
        while let found = bytes[at...].firstIndex(of: marker[0]) {
            if bytes[found...].starts(with: marker) { return found }
            at = found + 1
        }
        return nil
    }

    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
        Data(base64Encoded: Data(text), options: .ignoreUnknownCharacters).map { Array($0) } ?? []
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }
}

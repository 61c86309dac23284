package import DeliveryTypes

/// Makes an SVG from anywhere safe to draw, and safe to hand to a browser.
///
/// The text is taken apart and written anew, so that the result is well-formed UTF-8 holding only what is known: the
/// drawing elements of SVG (`SVGVocabulary`), without scripts, event handlers, foreign content, processing
/// instructions, comments and document type. References lead to the document itself (`#id`) or to embedded PNG, JPEG,
/// GIF or WebP; all others are removed, in attributes and in style sheets. Entities are not expanded, but for literal
/// ones of the document type (Illustrator writes namespaces so), up to a small total.
///
/// Time and memory are linear in the input, which is bounded, as are depth and attributes. Malformed text is refused:
/// two parsers that mend a fault in two ways would see two pictures.
package enum SVGSanitizer {
    package struct Limits: Hashable, Sendable {
        /// Bytes of the document.
        package var bytesMax = 16 << 20
        /// Elements inside each other.
        package var depthMax = 200
        /// Elements of the document.
        package var elementsMax = 500_000
        /// Attributes of one element.
        package var attributesMax = 256

        package init() {}
    }

    /// The safe document, in UTF-8 without a declaration.
    ///
    /// - Throws: `corruptSource` for malformed XML, `unsupportedSource` for another kind of document or an encoding
    ///   other than UTF-8, UTF-16, ASCII and Latin-1, `limitExceeded` with the limit's name.
    package static func sanitized(
        _ bytes: Span<UInt8>,
        limits: Limits = Limits()
    ) throws(RenderFailure) -> [UInt8] {
        guard bytes.count <= limits.bytesMax else {
            throw RenderFailure(.limitExceeded, "The SVG has more than \(limits.bytesMax) bytes.")
        }
        var scanner = XMLScanner(try XMLEncoding.utf8(bytes), attributesMax: limits.attributesMax)
        var writer = Writer(limits: limits)
        while let token = try scanner.next() { try writer.take(token) }
        return try writer.finish()
    }

    /// Writes what is allowed, and checks that tags match, also inside of what is left out.
    private struct Writer {
        private let limits: Limits
        private var output: [UInt8] = []
        private var open: [String] = []
        /// Depth of the outermost open element that is left out.
        private var leftOut: Int?
        /// The text of the open style element, which is cleaned as a whole.
        private var styleSheet: [UInt8]?
        private var elements = 0

        init(limits: Limits) { self.limits = limits }

        mutating func take(_ token: XMLToken) throws(RenderFailure) {
            switch token {
            case .start(let name, let attributes, let isEmpty):
                try start(name, attributes, isEmpty: isEmpty)
            case .end(let name):
                guard open.last == name else { throw .corruptSVG("the end tag of \(name) matches no start tag") }
                end(name)
            case .text(let text):
                guard !open.isEmpty else {
                    guard text.allSatisfy({ XMLScanner.isBlank($0) }) else {
                        throw .corruptSVG("there is text outside of the root element")
                    }
                    return
                }
                guard leftOut == nil else { return }
                if styleSheet != nil {
                    styleSheet?.append(contentsOf: text)
                } else {
                    XMLScanner.escape(text, into: &output)
                }
            }
        }

        func finish() throws(RenderFailure) -> [UInt8] {
            guard elements > 0 else { throw .corruptSVG("it has no root element") }
            guard open.isEmpty else { throw .corruptSVG("it ends too early") }
            return output
        }

        private mutating func start(
            _ name: String,
            _ attributes: [XMLAttribute],
            isEmpty: Bool
        ) throws(RenderFailure) {
            let local = SVGVocabulary.localName(name)
            if open.isEmpty {
                guard elements == 0 else { throw .corruptSVG("it has more than one root element") }
                guard local == "svg" else { throw RenderFailure(.unsupportedSource, "The document is not an SVG.") }
            }
            elements += 1
            guard elements <= limits.elementsMax else {
                throw RenderFailure(.limitExceeded, "The SVG has more than \(limits.elementsMax) elements.")
            }
            guard open.count < limits.depthMax else {
                throw RenderFailure(.limitExceeded, "The SVG is nested more than \(limits.depthMax) deep.")
            }
            open.append(name)
            if leftOut == nil {
                if styleSheet != nil || !SVGVocabulary.allows(element: local, attributes: attributes) {
                    leftOut = open.count
                } else {
                    write(name, attributes)
                    if local == "style" { styleSheet = [] }
                }
            }
            if isEmpty { end(name) }
        }

        private mutating func end(_ name: String) {
            defer { open.removeLast() }
            if let depth = leftOut {
                if depth == open.count { leftOut = nil }
                return
            }
            if let text = styleSheet {
                XMLScanner.escape(StyleSheetCleaner.cleaned(text), into: &output)
                styleSheet = nil
            }
            output += "</".utf8
            output += name.utf8
            output.append(UInt8(ascii: ">"))
        }

        private mutating func write(_ name: String, _ attributes: [XMLAttribute]) {
            output.append(UInt8(ascii: "<"))
            output += name.utf8
            for attribute in attributes {
                guard let value = SVGVocabulary.cleaned(attribute) else { continue }
                output.append(UInt8(ascii: " "))
                output += attribute.name.utf8
                output += "=\"".utf8
                XMLScanner.escape(value, into: &output)
                output.append(UInt8(ascii: "\""))
            }
            output.append(UInt8(ascii: ">"))
        }
    }
}

extension RenderFailure {
    static func corruptSVG(_ reason: String) -> RenderFailure {
        RenderFailure(.corruptSource, "The SVG is damaged: \(reason).")
    }
}

/// Which elements, attributes and references a safe SVG may have.
enum SVGVocabulary {
    /// The elements of SVG 1.1 and 2 that draw or describe; neither scripts nor foreign content nor media.
    private static let elements: Set<String> = [
        "svg", "g", "defs", "symbol", "use", "a", "switch", "view", "title", "desc", "style", "image",
        "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "mesh", "meshgradient", "meshpatch",
        "meshrow",
        "text", "tspan", "tref", "textpath", "altglyph", "altglyphdef", "altglyphitem", "glyphref", "glyph",
        "missing-glyph", "font", "font-face", "font-face-format", "font-face-name", "hkern", "vkern",
        "lineargradient", "radialgradient", "stop", "pattern", "hatch", "hatchpath", "solidcolor",
        "clippath", "mask", "marker", "filter", "color-profile",
        "feblend", "fecolormatrix", "fecomponenttransfer", "fecomposite", "feconvolvematrix", "fediffuselighting",
        "fedisplacementmap", "fedistantlight", "fedropshadow", "feflood", "fefunca", "fefuncb", "fefuncg", "fefuncr",
        "fegaussianblur", "feimage", "femerge", "femergenode", "femorphology", "feoffset", "fepointlight",
        "fespecularlighting", "fespotlight", "fetile", "feturbulence",
        "animate", "animatecolor", "animatemotion", "animatetransform", "mpath", "set", "discard",
    ]
    private static let animations: Set<String> = [
        "animate", "animatecolor", "animatemotion", "animatetransform", "set",
    ]
    private static let references: Set<String> = [
        "href", "src", "action", "formaction", "ping", "data", "poster", "srcset", "background", "manifest",
    ]

    /// A name without its prefix, in lower case: XML tells cases apart, but a lenient reader may not.
    static func localName(_ name: String) -> String {
        let local = name.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        return local.lowercased()
    }

    /// Whether an element is written, by its local name; an animation must not set what could not be written.
    static func allows(element: String, attributes: [XMLAttribute]) -> Bool {
        guard elements.contains(element) else { return false }
        guard animations.contains(element) else { return true }
        return attributes.allSatisfy { attribute in
            guard localName(attribute.name) == "attributename" else { return true }
            let target = localName(String(decoding: compact(attribute.value), as: UTF8.self))
            return !target.hasPrefix("on") && !references.contains(target) && target != "style"
        }
    }

    /// An attribute's value as it may be written, `nil` to leave the attribute out.
    static func cleaned(_ attribute: XMLAttribute) -> [UInt8]? {
        if attribute.name == "xmlns" || attribute.name.hasPrefix("xmlns:") { return attribute.value }
        let name = localName(attribute.name)
        if name.hasPrefix("on") || attribute.name == "xml:base" || name == "base" { return nil }
        if references.contains(name) { return isSafe(reference: attribute.value) ? attribute.value : nil }
        // Numbers and path data, the bulk of a drawing, need no closer look.
        guard attribute.value.contains(where: { $0 == 0x3A || $0 == 0x28 || $0 == 0x5C || $0 == 0x40 }) else {
            return attribute.value
        }
        // Looked at before and after: cleaning resolves escapes, behind which a scheme can hide.
        let value = StyleSheetCleaner.cleaned(attribute.value)
        return holdsScript(attribute.value) || holdsScript(value) ? nil : value
    }

    /// Whether a reference stays in the document: `#id`, or an embedded raster picture.
    static func isSafe(reference: some Sequence<UInt8>) -> Bool {
        let text = compact(reference)
        if text.first == UInt8(ascii: "#") { return true }
        let types = ["png", "jpeg", "jpg", "gif", "webp"]
        return types.contains { type in
            let start = Array("data:image/\(type)".utf8)
            guard text.starts(with: start), text.count > start.count else { return false }
            return text[start.count] == UInt8(ascii: ";") || text[start.count] == UInt8(ascii: ",")
        }
    }

    private static func holdsScript(_ value: [UInt8]) -> Bool {
        let text = compact(value)
        return contains(text, "javascript:") || contains(text, "vbscript:") || contains(text, "data:text")
            || contains(text, "livescript:")
    }

    /// Without blanks and control characters, which readers of addresses skip, and in lower case.
    private static func compact(_ value: some Sequence<UInt8>) -> [UInt8] {
        value.compactMap { byte in
            switch byte {
            case 0...0x20, 0x7F: nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    private static func contains(_ text: [UInt8], _ part: String) -> Bool {
        let part = Array(part.utf8)
        guard text.count >= part.count else { return false }
        for start in 0...text.count - part.count
        where text[start] == part[0] && text[start..<start + part.count].elementsEqual(part) {
            return true
        }
        return false
    }
}

/// Named sets of options: `sharp` standing for `sh:0.7/q:85`.
///
/// A preset called `default` is applied to every rendition before the URL's own options. Presets may name others with
/// `preset`; all are tried out when the set is made, so that a URL never meets a broken one.
package struct Presets: Sendable {
    /// No presets.
    package static let none = Presets()

    private var optionsByName: [Substring: [Substring]] = [:]

    private init() {}

    /// Reads definitions of the form `name=option:argument/option:argument`.
    ///
    /// Blank definitions and those starting with `#` are skipped, so that a file's lines can be given as they are; a
    /// later definition of a name replaces an earlier one.
    /// - Throws: `PresetsError`, which names the preset.
    package init(_ definitions: some Sequence<String>) throws(PresetsError) {
        for definition in definitions {
            let line = Self.trimmed(Substring(definition))
            if line.isEmpty || line.hasPrefix("#") { continue }
            let sides = line.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw PresetsError(preset: String(line), reason: "it is not of the form name=option:argument/…")
            }
            let (name, options) = (Self.trimmed(sides[0]), Self.trimmed(sides[1]))
            guard !name.isEmpty, !name.contains(where: { $0 == ":" || $0 == "/" }) else {
                throw PresetsError(preset: String(name), reason: "a name is not empty and has no : or /")
            }
            guard !options.isEmpty else { throw PresetsError(preset: String(name), reason: "it has no options") }
            optionsByName[name] = options.split(at: UInt8(ascii: "/"))
        }
        guard optionsByName.count <= GrammarLimits.presetsMax else {
            throw PresetsError(preset: "", reason: "there are more than \(GrammarLimits.presetsMax) presets")
        }
        try validate()
    }

    /// Names in alphabetical order.
    package var names: [String] { optionsByName.keys.map(String.init).sorted() }

    var hasDefault: Bool { optionsByName["default"] != nil }

    func options(of name: Substring) -> [Substring]? { optionsByName[name] }

    private func validate() throws(PresetsError) {
        for name in names {
            do throws(TransformationError) {
                var draft = TransformationDraft(withoutDefaultFrom: self)
                try draft.applyPreset(Substring(name), writtenAs: "preset")
                _ = try draft.finished()
            } catch {
                throw PresetsError(preset: name, reason: error.description)
            }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

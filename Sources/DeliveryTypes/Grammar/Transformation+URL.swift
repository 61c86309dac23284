extension Transformation {
    /// Reads options as a delivery URL holds them, one element for each `name:argument:argument…`.
    ///
    /// The preset `default` comes first, then the options in their order; a later one changes what an earlier one set.
    /// - Throws: `TransformationError` for an unknown or malformed option.
    package init(
        parsing options: some Sequence<Substring>,
        presets: Presets = .none
    ) throws(TransformationError) {
        var draft = try TransformationDraft(purpose: .rendition, presets: presets)
        for option in options { try draft.apply(option) }
        self = try draft.finished()
    }

    /// Reads options separated by `/`, as in `rs:fill:300:200/q:80`; an empty text asks for nothing.
    package init(parsing text: String, presets: Presets = .none) throws(TransformationError) {
        guard text.utf8.count <= GrammarLimits.pathBytesMax else {
            throw TransformationError(
                option: "path",
                reason: "it has \(text.utf8.count) bytes, more than \(GrammarLimits.pathBytesMax)"
            )
        }
        let options = text.isEmpty ? [] : Substring(text).split(at: UInt8(ascii: "/"))
        try self.init(parsing: options, presets: presets)
    }

    /// Whether the URL that carried this was valid only until before `seconds` since 1970.
    package func hasExpired(at seconds: Int64) -> Bool {
        guard let expires else { return false }
        return expires < seconds
    }
}

/// What a metadata record says of one setting beside its rules.
struct SettingShape: Sendable, Equatable {
    /// Distinct values; the setting's lines follow those of the setting before.
    let lines: Int
    /// Whether the value depends on the context; the others are one constant block.
    let isRuled: Bool
    /// Whether values have `{{path}}` to be filled in.
    let hasPlaceholders: Bool

    /// Whether a document must be asked which piece it gets.
    var isDynamic: Bool { isRuled || hasPlaceholders }

    /// Lines × 4, 1 for rules, 2 for placeholders.
    var code: Int { lines << 2 | (isRuled ? 1 : 0) | (hasPlaceholders ? 2 : 0) }

    init(lines: Int, isRuled: Bool, hasPlaceholders: Bool) {
        self.lines = lines
        self.isRuled = isRuled
        self.hasPlaceholders = hasPlaceholders
    }

    /// Reads a `code`.
    init(code: Int) {
        self.init(lines: code >> 2, isRuled: code & 1 != 0, hasPlaceholders: code & 2 != 0)
    }
}

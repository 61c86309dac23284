/// A word, a number or one punctuation mark of Swift code; a string literal is one token, `""`.
struct Token: Equatable {
    let text: String
    /// The line it begins on, counted from 1.
    let line: Int

    /// Whether it can be a name or a keyword.
    var isWord: Bool {
        guard let first = text.utf8.first else { return false }
        return first == UInt8(ascii: "_") || first >= 0x80 || (first | 0x20 >= 0x61 && first | 0x20 <= 0x7A)
    }
}

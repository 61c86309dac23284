/// Why a regular expression cannot be used.
package enum PatternError: Error, Equatable, Sendable {
    /// JavaScript refuses it too: what is wrong, and at which UTF-16 code unit (from 0).
    case syntax(String, at: Int)
    /// It compiles to more instructions than we allow.
    case tooLarge(max: Int)
    /// Groups nested deeper than we allow.
    case tooDeep(max: Int)
}

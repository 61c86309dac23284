/// Why a server's presets cannot be used: a fault of its configuration, found when it starts.
package struct PresetsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The preset's name, or the definition where no name could be read.
    package let preset: String
    package let reason: String

    package var description: String { "The preset \(TransformationError.quoted(preset)) is wrong: \(reason)" }
}

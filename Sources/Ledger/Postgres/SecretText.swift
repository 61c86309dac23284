/// A text that is never shown: not by printing, not by dumping.
package struct SecretText: Hashable, Sendable {
    let value: String

    init(_ value: String) { self.value = value }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A promise of a protocol that an implementation does not keep.
package struct ConformanceFailure: Error, CustomStringConvertible {
    package var description: String

    init(_ text: String, file: String, line: Int) {
        description = "\(text) (\(file):\(line))"
    }
}

func require(_ condition: Bool, _ text: String, file: String = #fileID, line: Int = #line) throws {
    if !condition { throw ConformanceFailure(text, file: file, line: line) }
}

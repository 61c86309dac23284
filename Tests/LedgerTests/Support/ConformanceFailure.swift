/// A promise that an implementation does not keep.
struct ConformanceFailure: Error, CustomStringConvertible {
    let description: String

    init(_ text: String, file: String = #fileID, line: Int = #line) { description = "\(text) (\(file):\(line))" }
}

func require(_ condition: Bool, _ text: String, file: String = #fileID, line: Int = #line) throws {
    if !condition { throw ConformanceFailure(text, file: file, line: line) }
}

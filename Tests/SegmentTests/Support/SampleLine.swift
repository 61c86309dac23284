import NIOCore

/// Lines as intake would write them, which differ by a text.
enum SampleLine {
    static func text(
        _ id: String,
        occurred: Int64 = 1_763_700_000_000_000,
        received: Int64 = 1_763_700_000_500_000
    )
        -> String
    {
        "1,2,3,\"/a,\"\"b\"\"\",\(id),com.vitrine.usage.v1,\(occurred),\(received),c,template,m,u,used,,,,,,\n"
    }

    static func buffer(_ ids: [String]) -> ByteBuffer {
        ByteBuffer(string: ids.map { text($0) }.joined())
    }

    static func buffer(_ numbers: Range<Int>) -> ByteBuffer { buffer(numbers.map(String.init)) }

    /// The id of a line; `nil` if it is none of these.
    static func id(_ line: some StringProtocol) -> String? {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        return fields.count > 9 ? String(fields[fields.count == 20 ? 5 : 4]) : nil
    }
}

/// Texts and bytes as C wants them: one allocation, each followed by a zero byte, and pointers into it.
struct CStringTable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = []
    private(set) var lengths: [Int32] = []

    mutating func append(_ text: some Sequence<UInt8>) {
        starts.append(bytes.count)
        bytes.append(contentsOf: text)
        lengths.append(Int32(bytes.count - starts[starts.count - 1]))
        bytes.append(0)
    }

    /// Calls with an array of pointers that ends with a null pointer; all are valid during the call only.
    func withPointers<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        // SAFETY: the starts are in the array, which lives and stays in its place during the call.
        unsafe bytes.withUnsafeBytes { raw in
            // SAFETY: as above.
            var pointers = unsafe starts.map { start in
                unsafe raw.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
            }
            // SAFETY: as above.
            unsafe pointers.append(nil)
            // SAFETY: as above.
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}

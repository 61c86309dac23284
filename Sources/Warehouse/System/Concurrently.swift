/// Does the same for many things, some at once.
enum Concurrently {
    /// The results in the order of the inputs.
    static func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input],
        atOnce: Int,
        _ body: @escaping @Sendable (Input) async -> Output
    ) async -> [Output] {
        var outputs = [Output?](repeating: nil, count: inputs.count)
        await withTaskGroup(of: (Int, Output).self) { group in
            var rest = inputs.indices
            func begin() {
                guard let index = rest.popFirst() else { return }
                let input = inputs[index]
                group.addTask { (index, await body(input)) }
            }
            for _ in 0..<atOnce { begin() }
            while let (index, output) = await group.next() {
                outputs[index] = output
                begin()
            }
        }
        return outputs.compactMap { $0 }
    }
}

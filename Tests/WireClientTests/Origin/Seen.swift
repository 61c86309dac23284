/// Status codes in the order in which they came.
actor Seen {
    private(set) var codes: [Int] = []

    func add(_ code: Int) { codes.append(code) }
}

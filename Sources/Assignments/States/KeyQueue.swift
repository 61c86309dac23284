/// Users in order of arrival.
struct KeyQueue: Sendable {
    private var keys: [UserKey] = []
    /// Those before it have left.
    private var head = 0

    mutating func append(_ key: UserKey) { keys.append(key) }

    mutating func popFirst() -> UserKey? {
        guard head < keys.count else { return nil }
        defer {
            head += 1
            if head > 64, head * 2 > keys.count {
                keys.removeFirst(head)
                head = 0
            }
        }
        return keys[head]
    }

    mutating func remove(_ key: UserKey) {
        keys.removeFirst(head)
        head = 0
        keys.removeAll { $0 == key }
    }
}

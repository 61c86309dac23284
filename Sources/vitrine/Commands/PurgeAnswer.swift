/// What a server says to a purge.
struct PurgeAnswer: Codable {
    struct Node: Codable {
        var node: String
        var done: Bool
        /// Why not.
        var reason: String?
    }

    /// The purge's number on the node that was asked.
    var sequence: UInt64
    /// Whether every node has it.
    var complete: Bool
    /// The node that was asked comes first.
    var nodes: [Node]

    /// One line for each node, as a person reads it.
    var lines: [String] {
        let width = (nodes.map(\.node.count).max() ?? 0) + 2
        return nodes.map { node in
            let name = node.node + String(repeating: " ", count: width - node.node.count)
            return (node.done ? "purged  " : "FAILED  ") + name + (node.reason ?? "")
        }
    }
}

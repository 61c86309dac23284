/// The members of an object in authored order, found by key: by comparing where they are few, through a hash table
/// where they are many.
///
/// Keys are unique: writing a key again replaces the value and keeps its place, as in JavaScript.
package struct JSONObject: Sendable {
    /// Up to this many members a search compares them one by one.
    static let comparedMax = 24

    /// In authored order.
    package private(set) var members: [JSONMember] = []

    /// Where a key's member is; absent while the members are few.
    private var positions: [ExactString: Int]?

    package init() {}

    package var count: Int { members.count }

    package var isEmpty: Bool { members.isEmpty }

    /// Makes room for a number of members.
    package mutating func reserveCapacity(_ count: Int) {
        members.reserveCapacity(count)
    }

    /// Where a key's member is in `members`; `nil` when there is none.
    package func position(of key: ExactString) -> Int? {
        if let positions { return positions[key] }
        for index in members.indices where members[index].key == key { return index }
        return nil
    }

    /// The value of a key, or `nil`; writing `nil` removes the member (linear).
    package subscript(key: ExactString) -> JSONValue? {
        get {
            guard let position = position(of: key) else { return nil }
            return members[position].value
        }
        set {
            guard let newValue else {
                remove(key)
                return
            }
            if let position = position(of: key) {
                members[position].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    /// Writes a member of a key that may be there already.
    ///
    /// - Returns: where the member was before, `nil` when it is new.
    package mutating func put(_ value: JSONValue, at key: ExactString) -> Int? {
        if let position = position(of: key) {
            members[position].value = value
            return position
        }
        append(key, value)
        return nil
    }

    private mutating func append(_ key: ExactString, _ value: JSONValue) {
        members.append(JSONMember(key: key, value: value))
        if positions != nil {
            positions?[key] = members.count - 1
        } else if members.count > Self.comparedMax {
            index()
        }
    }

    private mutating func remove(_ key: ExactString) {
        guard let position = position(of: key) else { return }
        members.remove(at: position)
        if positions != nil { index() }
    }

    private mutating func index() {
        var table: [ExactString: Int] = [:]
        table.reserveCapacity(members.count * 2)
        for (index, member) in members.enumerated() { table[member.key] = index }
        positions = table
    }

    /// The members as JavaScript enumerates them (`Object.keys`): keys that are array indices ascending, then the
    /// others in authored order (ECMA-262 OrdinaryOwnPropertyKeys).
    package var javaScriptOrder: [JSONMember] {
        guard members.contains(where: { $0.key.arrayIndex != nil }) else { return members }
        let indexed = members.compactMap { member in member.key.arrayIndex.map { (index: $0, member: member) } }
        return indexed.sorted { $0.index < $1.index }.map(\.member) + members.filter { $0.key.arrayIndex == nil }
    }
}

/// Equal when they have the same keys with equal values, whatever their order.
extension JSONObject: Equatable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
}

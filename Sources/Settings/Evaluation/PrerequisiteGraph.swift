import JSON

/// Which settings ask for which others.
struct PrerequisiteGraph {
    /// For each setting the indices of its prerequisites, over all rules.
    let parents: [[Int]]

    init(_ document: FeaturesDocument) {
        parents = document.features.map { feature in
            feature.rules.flatMap { rule in
                (rule.source["parentConditions"]?.array ?? []).compactMap {
                    document.position(of: ScriptValue.text($0["id"]))
                }
            }
        }
    }

    /// For each setting whether it, or something it asks for, is among its own prerequisites.
    var reachingCycles: [Bool] {
        // Kahn's order from the settings without prerequisites: what is left over reaches a cycle.
        var waiting = parents.map { Set($0).count }
        var children: [[Int]] = Array(repeating: [], count: parents.count)
        for (child, list) in parents.enumerated() {
            for parent in Set(list) { children[parent].append(child) }
        }
        var ready = waiting.indices.filter { waiting[$0] == 0 }
        var reaching = Array(repeating: true, count: parents.count)
        while let done = ready.popLast() {
            reaching[done] = false
            for child in children[done] {
                waiting[child] -= 1
                if waiting[child] == 0 { ready.append(child) }
            }
        }
        return reaching
    }

    /// The longest chain of prerequisites that starts at each setting; settings that reach a cycle are left out (0).
    var depths: [Int] {
        var depths = Array(repeating: 0, count: parents.count)
        var waiting = parents.map { Set($0).count }
        var children: [[Int]] = Array(repeating: [], count: parents.count)
        for (child, list) in parents.enumerated() {
            for parent in Set(list) { children[parent].append(child) }
        }
        var ready = waiting.indices.filter { waiting[$0] == 0 }
        while let done = ready.popLast() {
            for child in children[done] {
                depths[child] = max(depths[child], depths[done] + 1)
                waiting[child] -= 1
                if waiting[child] == 0 { ready.append(child) }
            }
        }
        return depths
    }

    /// One cycle, as the settings along it; `nil` when there is none.
    var cycle: [Int]? {
        let reaching = reachingCycles
        guard var current = reaching.firstIndex(of: true) else { return nil }
        var path: [Int] = []
        var places: [Int: Int] = [:]
        while true {
            if let place = places[current] { return Array(path[place...]) }
            places[current] = path.count
            path.append(current)
            guard let next = parents[current].first(where: { reaching[$0] }) else { return nil }
            current = next
        }
    }
}

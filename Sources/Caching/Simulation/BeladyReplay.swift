/// The offline optimum: evicts the resident object whose next request is farthest away.
struct BeladyReplay {
    /// A resident as the heap has it; out of date once the object was requested again or evicted.
    private struct Candidate {
        var next: Int
        var object: Int
    }

    private let budget: Int
    /// A binary heap, the farthest first.
    private var heap: [Candidate] = []
    /// Per object: index of its next request while resident, else `-1`.
    private var nextOf: [Int]
    private var sizeOf: [Int]
    private var usedBytes = 0

    static func misses(_ trace: Trace, budget: Int, hasUnitSize: Bool) -> MissCount {
        var next = [Int](repeating: Int.max, count: trace.requestCount)
        var last = [Int](repeating: Int.max, count: trace.objectCount)
        for index in trace.objects.indices.reversed() {
            next[index] = last[Int(trace.objects[index])]
            last[Int(trace.objects[index])] = index
        }
        var replay = BeladyReplay(budget: budget, objectCount: trace.objectCount)
        var misses = MissCount()
        for index in trace.objects.indices {
            let object = Int(trace.objects[index])
            let size = hasUnitSize ? 1 : Int(trace.sizes[index])
            if !replay.request(object, size: size, next: next[index]) {
                misses.add(bytes: size, cost: trace.costs[index])
            }
        }
        return misses
    }

    private init(budget: Int, objectCount: Int) {
        self.budget = budget
        nextOf = Array(repeating: -1, count: objectCount)
        sizeOf = Array(repeating: 0, count: objectCount)
    }

    /// `true` for a hit.
    private mutating func request(_ object: Int, size: Int, next: Int) -> Bool {
        let isHit = nextOf[object] >= 0
        if !isHit {
            guard size <= budget else { return false }
            while usedBytes > budget - size { evictFarthest() }
            sizeOf[object] = size
            usedBytes += size
        }
        nextOf[object] = next
        push(Candidate(next: next, object: object))
        return isHit
    }

    private mutating func evictFarthest() {
        while let candidate = pop() {
            guard nextOf[candidate.object] == candidate.next else { continue }
            nextOf[candidate.object] = -1
            usedBytes -= sizeOf[candidate.object]
            return
        }
    }

    private mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2].next < heap[child].next {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { break }
            if child + 1 < heap.count, heap[child + 1].next > heap[child].next { child += 1 }
            if heap[parent].next >= heap[child].next { break }
            heap.swapAt(parent, child)
            parent = child
        }
        return first
    }
}

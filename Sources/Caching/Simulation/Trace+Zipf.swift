import Glibc

extension Trace {
    /// Requests for objects whose popularity follows Zipf's law: the k-th most popular in proportion to k⁻ᵉˣᵖᵒⁿᵉⁿᵗ.
    ///
    /// All objects have 1 byte and cost 1 millisecond, unless `size` and `cost` say otherwise by rank from 0. The same
    /// seed gives the same trace.
    package static func zipf(
        objects: Int,
        requests: Int,
        exponent: Double = 0.9,
        seed: UInt64,
        size: (Int) -> UInt32 = { _ in 1 },
        cost: (Int) -> Float = { _ in 1 }
    ) -> Trace {
        precondition(objects > 0 && requests >= 0)
        var sums: [Double] = []
        sums.reserveCapacity(objects)
        var sum = 0.0
        for rank in 1...objects {
            sum += pow(Double(rank), -exponent)
            sums.append(sum)
        }
        let random = KeyedHash(seed: seed)
        var trace = Trace()
        for index in 0..<requests {
            let drawn = Double(random(UInt64(index)) >> 11) / Double(1 << 53) * sum
            var (low, high) = (0, objects - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < drawn { low = middle + 1 } else { high = middle }
            }
            trace.append(TraceRequest(id: random(UInt64(low) | 1 << 63), size: size(low), cost: cost(low)))
        }
        return trace
    }
}

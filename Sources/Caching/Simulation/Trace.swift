/// A trace in memory: 12 bytes for each request and some 50 for each different object.
package struct Trace: Sendable {
    /// Most requests that a trace may have.
    package static let requestsMax = 1 << 29

    /// Per request: the number of its object, counted from 0 in order of first appearance.
    private(set) var objects: [UInt32] = []
    /// Per request: bytes.
    private(set) var sizes: [UInt32] = []
    /// Per request: milliseconds.
    private(set) var costs: [Float] = []
    /// Bytes of all requests.
    package private(set) var bytes = 0
    /// Bytes of all objects at their first request.
    package private(set) var footprintBytes = 0
    /// Places are the objects' numbers, since none is ever removed.
    private var numbers = EntryTable(seed: 0x7472_6163_6500)

    package init() {}

    package var requestCount: Int { objects.count }
    package var objectCount: Int { numbers.count }

    /// The number of the object that a request, counted from 0, was for.
    package func objectNumber(ofRequest index: Int) -> UInt64 { UInt64(objects[index]) }

    /// Adds a request; those beyond `requestsMax` are not added and `isFull` says so.
    package mutating func append(_ request: TraceRequest) {
        guard objects.count < Self.requestsMax else {
            isFull = true
            return
        }
        var number = numbers.find(request.id)
        if number == EntryTable.none {
            number = numbers.insert(CacheEntry(id: request.id, size: Int(request.size)))
            footprintBytes += Int(request.size)
        }
        objects.append(UInt32(number))
        sizes.append(request.size)
        costs.append(request.cost)
        bytes += Int(request.size)
    }

    /// Whether requests had to be left out.
    package private(set) var isFull = false
}

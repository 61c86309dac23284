import Caching
import Foundation
import Testing
import VitrineTesting

@Suite("Traces are simulated")
struct SimulatorTests {
    private func trace(_ ids: [UInt64], size: (UInt64) -> UInt32 = { _ in 1 }) -> Trace {
        var trace = Trace()
        for id in ids { trace.append(TraceRequest(id: id, size: size(id), cost: Float(id) + 1)) }
        return trace
    }

    @Test("misses are counted by requests, bytes and milliseconds")
    func ratios() throws {
        // LRU of 3 bytes: 1 and 2 (1 byte each), 3 (2 bytes) pushes 1 out, 2 hits, 1 pushes 3 out.
        let trace = trace([1, 2, 3, 2, 1], size: { $0 == 3 ? 2 : 1 })
        let row = try #require(
            try TraceSimulator(trace, hasUnitSize: false).run(policies: [.lru], sizes: [CacheSize(parsing: "3")]).rows
                .first
        )
        #expect(row.misses.requests == 4 && row.misses.bytes == 5 && row.misses.cost == 2 + 3 + 4 + 2)
        #expect(row.objectMissRatio == 0.8 && row.byteMissRatio == 5.0 / 6 && row.costMissRatio == 11.0 / 14)
        #expect(row.wayToBelady == nil)
    }

    @Test("Belady misses as seldom as any choice of victims can", arguments: 1...20)
    func belady(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let ids = (0..<14).map { _ in random.next() % 6 }
        for budget in 1...3 {
            let report = try TraceSimulator(trace(ids), hasUnitSize: true)
                .run(policies: [.belady], sizes: [CacheSize(parsing: "\(budget)")])
            #expect(report.rows[0].misses.requests == fewestMisses(ids[...], [], budget), "seed \(seed)")
        }
    }

    private func fewestMisses(_ ids: ArraySlice<UInt64>, _ resident: Set<UInt64>, _ budget: Int) -> Int {
        guard let id = ids.first else { return 0 }
        let rest = ids.dropFirst()
        if resident.contains(id) { return fewestMisses(rest, resident, budget) }
        if resident.count < budget { return 1 + fewestMisses(rest, resident.union([id]), budget) }
        let choices = resident.map { fewestMisses(rest, resident.subtracting([$0]).union([id]), budget) }
        return 1 + (choices.min() ?? 0)
    }

    @Test("on a real trace LRU, FIFO and Belady are exact, and ours beats the published policies")
    func realTrace() throws {
        let report = try TraceSimulator(webTrace(), hasUnitSize: true)
            .run(sizes: ["1%", "10%"].map { try CacheSize(parsing: $0) })
        #expect(report.requestCount == 95_607 && report.objectCount == 13_756)
        func ratio(_ policy: SimulatedPolicy, _ size: String) -> Double {
            report.rows.first { $0.policy == policy && $0.size.description == size }?.objectMissRatio ?? .nan
        }
        // As libCacheSim has them.
        for (policy, small, large, tolerance) in [
            (SimulatedPolicy.lru, 0.6030, 0.3152, 0.00005), (.fifo, 0.6237, 0.3546, 0.00005),
            (.belady, 0.4154, 0.1997, 0.00005), (.s3fifo, 0.5900, 0.2775, 0.002), (.sieve, 0.5975, 0.2828, 0.002),
        ] {
            #expect(abs(ratio(policy, "1%") - small) <= tolerance, "\(policy)")
            #expect(abs(ratio(policy, "10%") - large) <= tolerance, "\(policy)")
        }
        // The best of S3-FIFO, SIEVE, W-TinyLFU, ARC and LIRS there.
        #expect(ratio(.vitrine, "1%") < 0.5900)
        #expect(ratio(.vitrine, "10%") < 0.2775)
    }

    private func webTrace() throws -> Trace {
        let unpack = Process()
        let output = Pipe()
        unpack.executableURL = URL(filePath: "/usr/bin/env")
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/traces/web12.trace.xz")
        unpack.arguments = ["xz", "--decompress", "--stdout", file.path]
        unpack.standardOutput = output
        try unpack.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        unpack.waitUntilExit()
        #expect(unpack.terminationStatus == 0)
        var trace = Trace()
        var reader = TraceReader(format: .bigEndian32)
        try reader.feed(Array(bytes)) { trace.append($0) }
        try reader.finish { trace.append($0) }
        return trace
    }

    @Test("on Zipf's law and under scans ours is close to the best at hand")
    func robust() throws {
        var scanned = Trace()
        let zipf = Trace.zipf(objects: 5000, requests: 60_000, exponent: 1, seed: 3)
        for index in 0..<60_000 {
            scanned.append(TraceRequest(id: zipf.objectNumber(ofRequest: index)))
            // A scan over more than fits, again and again.
            if index % 2 == 0 { scanned.append(TraceRequest(id: 1 << 40 + UInt64(index % 8000))) }
        }
        for (name, trace) in [("zipf", zipf), ("scan", scanned)] {
            let (ours, others) = try missRatios(trace, size: "500")
            let best = others.min() ?? 1
            #expect(ours <= best + 0.02, "\(name): \(ours), the best of the others \(best)")
        }
    }

    @Test("a loop over more than fits still has hits with ours")
    func loop() throws {
        var trace = Trace()
        for index: UInt64 in 0..<40_000 { trace.append(TraceRequest(id: index % 700)) }
        let (ours, others) = try missRatios(trace, size: "500")
        #expect(others.first == 1, "LRU has none")
        #expect(ours < 0.65)
    }

    private func missRatios(_ trace: Trace, size: String) throws -> (ours: Double, others: [Double]) {
        let ratios = try TraceSimulator(trace, hasUnitSize: true)
            .run(policies: [.lru, .sieve, .s3fifo, .vitrine], sizes: [CacheSize(parsing: size)])
            .rows.map(\.objectMissRatio)
        return (try #require(ratios.last), ratios.dropLast())
    }

    @Test("a trace without requests is refused")
    func empty() {
        #expect(throws: TraceError.empty) { try TraceSimulator(Trace(), hasUnitSize: true) }
    }

    @Test("cache sizes are shares, bytes, or bytes with a unit")
    func sizes() throws {
        #expect(try CacheSize(parsing: "1%").bytes(ofFootprint: 13_756) == 137)
        #expect(try CacheSize(parsing: "0.5%").bytes(ofFootprint: 10) == 1, "at least one")
        #expect(try CacheSize(parsing: "5000").bytes(ofFootprint: 1) == 5000)
        #expect(try CacheSize(parsing: "64MiB").bytes(ofFootprint: 1) == 64 << 20)
        #expect(try CacheSize(parsing: "2GB").bytes(ofFootprint: 1) == 2_000_000_000)
        for text in ["", "0", "0%", "101%", "-1%", "nan%", "1TiB", "MiB", "1.5MiB", "9223372036854775807KiB", "1 %"] {
            #expect(throws: TraceError.badSize(text)) { try CacheSize(parsing: text) }
        }
    }

    @Test("the report is a table and JSON")
    func report() throws {
        let ids: [UInt64] = [1, 2, 3, 1, 2, 4, 1, 3, 2, 1]
        let report = try TraceSimulator(trace(ids), hasUnitSize: true).run(sizes: [CacheSize(parsing: "50%")])
        let lines = report.text.split(separator: "\n")
        #expect(lines.count == 2 + SimulatedPolicy.allCases.count)
        #expect(lines[0] == "10 requests for 4 objects, footprint 4 objects")
        #expect(lines.contains { $0.hasPrefix("belady") && $0.contains("100.0 %") })
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        let rows = try #require(object?["rows"] as? [[String: Any]])
        #expect(rows.map { $0["policy"] as? String } == SimulatedPolicy.allCases.map(\.rawValue))
        #expect(rows[0]["budget"] as? Int == 2)
    }
}

import Testing
import VitrineTesting

@testable import Caching

@Suite("Index table")
struct IndexTableTests {
    @Test("does what a dictionary does", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = IndexTable()
        var model: [EntryKey: IndexSlot] = [:]
        for step in 0..<20_000 {
            // Few keys, half of them alike, so that probes collide.
            let number = UInt64.random(in: 0..<700, using: &random)
            let key = EntryKey(high: number % 2 == 0 ? number : number << 60, low: 0)
            switch Int.random(in: 0..<(step % 4000 < 2000 ? 5 : 9), using: &random) {
            case 0..<3:
                let offset = Int.random(in: 0..<1000, using: &random) * 8
                let slot = IndexSlot(key: key, segment: 3, offset: offset, namedBytes: 7, bodyBytes: step)
                table.insert(slot)
                model[key] = slot
            case 3:
                model[key]?.isHit = true
                #expect(table.hit(key) == model[key])
            case 4: #expect(table.find(key) == model[key])
            default: #expect(table.remove(key) == (model.removeValue(forKey: key) != nil))
            }
            #expect(table.count == model.count)
        }
        for (key, slot) in model { #expect(table.find(key) == slot) }
    }

    @Test("costs at most 48 bytes for each of many records, on average over all fillings")
    func size() {
        #expect(MemoryLayout<IndexSlot>.stride == 32)
        let index = DiskIndex()
        var sum = 0.0
        var samples = 0
        for number in 1...200_000 {
            let key = EntryKey(high: UInt64(number) &* 0x9e37_79b9_7f4a_7c15, low: UInt64(number))
            index.insert(IndexSlot(key: key, segment: 1, offset: 64, namedBytes: 1, bodyBytes: 1))
            if number > 50_000, number % 1000 == 0 {
                sum += Double(index.capacityBytes) / Double(number)
                samples += 1
            }
        }
        #expect(sum / Double(samples) <= 48)
    }
}

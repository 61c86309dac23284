import Fleet
import Testing

@Suite("NetworkAddress")
struct NetworkAddressTests {
    @Test(
        "addresses are read",
        arguments: [
            ("0.0.0.0", NetworkAddress.v4(0)),
            ("192.0.2.255", .v4(0xc000_02ff)),
            ("::", .v6(high: 0, low: 0)),
            ("::1", .v6(high: 0, low: 1)),
            ("1::", .v6(high: 0x0001_0000_0000_0000, low: 0)),
            ("2001:DB8::a:0:1", .v6(high: 0x2001_0db8_0000_0000, low: 0x0000_000a_0000_0001)),
            ("1:2:3:4:5:6:7:8", .v6(high: 0x0001_0002_0003_0004, low: 0x0005_0006_0007_0008)),
            ("1:2:3:4:5:6:7::", .v6(high: 0x0001_0002_0003_0004, low: 0x0005_0006_0007_0000)),
            ("::ffff:192.0.2.1", .v6(high: 0, low: 0x0000_ffff_c000_0201)),
            ("1:2:3:4:5:6:1.2.3.4", .v6(high: 0x0001_0002_0003_0004, low: 0x0005_0006_0102_0304)),
            ("fe80::1%eth0", .v6(high: 0xfe80_0000_0000_0000, low: 1)),
        ]
    )
    func reads(text: String, address: NetworkAddress) {
        #expect(NetworkAddress(text) == address)
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", "1.2.3.٤", ":", ":::",
            "1:2:3",
            "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1:", ":1::", "1.2.3.4::", "::1.2.3",
            "1:2:3:4:5:6:7:1.2.3.4",
            "[::1]", "1:2:3:4:5:6:7:8::", "::%", String(repeating: "1:", count: 100),
        ]
    )
    func refuses(text: String) {
        // A zone's name may be anything, even nothing.
        #expect((NetworkAddress(text) == nil) == (text != "::%"))
    }

    @Test("every way to write an address reads as the same")
    func forms() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<5000 {
            var groups = (0..<8).map { _ in UInt16(truncatingIfNeeded: generator.next()) }
            let start = generator.number(0..<8)
            let end = generator.number(start..<8) + 1
            for place in start..<end { groups[place] = 0 }
            let texts = groups.map { String($0, radix: 16, uppercase: generator.next() & 1 == 0) }
            let expected = NetworkAddress.v6(
                high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
                low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
            )
            let short = "\(texts[..<start].joined(separator: ":"))::\(texts[end...].joined(separator: ":"))"
            let last = (groups[6], groups[7])
            let dotted = "\(last.0 >> 8).\(last.0 & 255).\(last.1 >> 8).\(last.1 & 255)"
            #expect(NetworkAddress(texts.joined(separator: ":")) == expected)
            #expect(NetworkAddress(short) == expected)
            #expect(NetworkAddress((texts[..<6] + [dotted]).joined(separator: ":")) == expected)
            let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            #expect(NetworkAddress(bytes: bytes) == expected)
        }
        #expect(NetworkAddress(bytes: [192, 0, 2, 1]) == .v4(0xc000_0201))
        #expect(NetworkAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test("random bytes crash nothing, and what reads as an address has only its characters")
    func fuzz() {
        var generator = SeededGenerator(seed: 8)
        let alphabet = Array("0123456789abcdefF:::...%g ")
        var accepted = 0
        for _ in 0..<50_000 {
            let text = String(
                (0..<generator.number(0..<16)).map { _ in alphabet[generator.number(0..<alphabet.count)] }
            )
            guard NetworkAddress(text) != nil else { continue }
            accepted += 1
            #expect(text.prefix { $0 != "%" }.allSatisfy { "0123456789abcdefF:.".contains($0) })
        }
        #expect(accepted > 10)
    }
}

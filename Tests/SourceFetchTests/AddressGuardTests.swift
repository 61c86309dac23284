import Originals
import Testing

@Suite("Address guard")
struct AddressGuardTests {
    @Test(
        "classifies the first and last address of every special block",
        arguments: [
            ("0.0.0.0", AddressClass.unspecified), ("0.0.0.1", .reserved), ("0.255.255.255", .reserved),
            ("1.0.0.0", .global), ("9.255.255.255", .global), ("10.0.0.0", .privateUse),
            ("10.255.255.255", .privateUse), ("11.0.0.0", .global), ("100.63.255.255", .global),
            ("100.64.0.0", .sharedCarrier), ("100.100.100.200", .sharedCarrier), ("100.127.255.255", .sharedCarrier),
            ("100.128.0.0", .global), ("127.0.0.0", .loopback), ("127.255.255.255", .loopback),
            ("168.63.129.16", .platform), ("169.253.255.255", .global), ("169.254.0.0", .linkLocal),
            ("169.254.169.254", .linkLocal), ("169.254.255.255", .linkLocal), ("172.15.255.255", .global),
            ("172.16.0.0", .privateUse), ("172.31.255.255", .privateUse), ("172.32.0.0", .global),
            ("192.0.0.0", .protocolAssignment), ("192.0.0.255", .protocolAssignment), ("192.0.1.0", .global),
            ("192.0.2.0", .documentation), ("192.0.2.255", .documentation), ("192.88.99.1", .reserved),
            ("192.167.255.255", .global), ("192.168.0.0", .privateUse), ("192.168.255.255", .privateUse),
            ("198.17.255.255", .global), ("198.18.0.0", .benchmarking), ("198.19.255.255", .benchmarking),
            ("198.51.100.7", .documentation), ("203.0.113.7", .documentation), ("223.255.255.255", .global),
            ("224.0.0.0", .multicast), ("239.255.255.255", .multicast), ("240.0.0.0", .reserved),
            ("255.255.255.254", .reserved), ("255.255.255.255", .broadcast), ("8.8.8.8", .global),
        ]
    )
    func version4(text: String, kind: AddressClass) throws {
        #expect(AddressClass(try #require(IPAddress(text))) == kind)
    }

    @Test(
        "classifies IPv6, with everything outside 2000::/3 refused",
        arguments: [
            ("::", AddressClass.unspecified), ("::1", .loopback), ("::2", .compatible), ("::127.0.0.1", .compatible),
            ("::ffff:127.0.0.1", .mapped), ("::ffff:8.8.8.8", .mapped), ("::ffff:0:127.0.0.1", .reserved),
            ("64:ff9b::a00:1", .nat64), ("64:ff9b:1:ffff:ffff::", .nat64), ("64:ff9b:2::", .reserved),
            ("100::1", .reserved), ("2001::1", .teredo), ("2001:2::1", .benchmarking),
            ("2001:20::1", .protocolAssignment), ("2001:1ff:ffff::", .protocolAssignment), ("2001:200::", .global),
            ("2001:db8::1", .documentation), ("2001:4860:4860::8888", .global), ("2002:7f00:1::", .sixToFour),
            ("2003::1", .global), ("2606:4700::1111", .global), ("3ffe::1", .global), ("3fff::1", .documentation),
            ("3fff:fff:ffff::", .documentation), ("3fff:1000::", .global), ("4000::1", .reserved),
            ("5f00::1", .reserved), ("fbff::1", .reserved), ("fc00::1", .privateUse), ("fd00:ec2::254", .privateUse),
            ("fdff:ffff::1", .privateUse), ("fe00::1", .reserved), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("fec0::1", .privateUse), ("feff::1", .privateUse), ("ff02::1", .multicast),
        ]
    )
    func version6(text: String, kind: AddressClass) throws {
        #expect(AddressClass(try #require(IPAddress(text))) == kind)
    }

    @Test("permits only global addresses unless told otherwise")
    func denyByDefault() throws {
        let strict = AddressGuard()
        #expect(strict.permits(try #require(IPAddress("8.8.8.8"))))
        for text in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fd00::1", "64:ff9b::808:808"] {
            #expect(!strict.permits(try #require(IPAddress(text))), "\(text)")
        }
    }

    @Test("each flag opens its own class and nothing else")
    func flags() throws {
        let texts = ["127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "fe80::1", "fc00::1", "::1"]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        func permitted(_ guarding: AddressGuard) -> [String] {
            addresses.filter(guarding.permits).map(\.description)
        }
        #expect(permitted(AddressGuard(allowsLoopback: true)) == ["127.0.0.1", "::1"])
        #expect(permitted(AddressGuard(allowsLinkLocal: true)) == ["169.254.169.254", "fe80::1"])
        #expect(permitted(AddressGuard(allowsPrivate: true)) == ["192.168.1.1", "fc00::1"])
    }

    @Test("an exception for a carrying form does not open the carried address")
    func embedded() throws {
        let nat64 = try #require(AddressBlock("64:ff9b::/96"))
        let mapped = try #require(AddressBlock("::ffff:0:0/96"))
        let sixToFour = try #require(AddressBlock("2002::/16"))
        let guarding = AddressGuard(exceptions: [nat64, mapped, sixToFour])
        #expect(guarding.permits(try #require(IPAddress("64:ff9b::808:808"))))
        #expect(!guarding.permits(try #require(IPAddress("64:ff9b::127.0.0.1"))))
        #expect(!guarding.permits(try #require(IPAddress("::ffff:10.0.0.1"))))
        #expect(!guarding.permits(try #require(IPAddress("2002:a00:1::1"))))
        #expect(guarding.permits(try #require(IPAddress("2002:808:808::1"))))
        let loopback = AddressGuard(allowsLoopback: true)
        #expect(!loopback.permits(try #require(IPAddress("::ffff:127.0.0.1"))))
    }

    @Test("a block excepts exactly its own addresses")
    func blocks() throws {
        let block = try #require(AddressBlock("127.8.0.0/30"))
        let guarding = AddressGuard(exceptions: [block])
        #expect(guarding.permits(try #require(IPAddress("127.8.0.3"))))
        #expect(!guarding.permits(try #require(IPAddress("127.8.0.4"))))
        #expect(!guarding.permits(try #require(IPAddress("127.0.0.1"))))
        #expect(AddressBlock("::/0")?.contains(try #require(IPAddress("::1"))) == true)
        #expect(AddressBlock("::/0")?.contains(try #require(IPAddress("1.1.1.1"))) == false)
        #expect(AddressBlock("10.0.0.1/8") == nil)
        #expect(AddressBlock("10.0.0.0/33") == nil)
        #expect(AddressBlock("10.0.0.0/x") == nil)
    }

    @Test(
        "takes no loose form of an address",
        arguments: [
            "", ".", "1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01",
            "127.0.0.256", "127.0.0.1.", "1.2.3.4.5", " 127.0.0.1", "127.0.0.1\u{0}", "1.2.3.-4", "1.2.3.+4",
            ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "12345::", "g::",
            "::1%eth0", "[::1]", "::127.1", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "\u{FF11}.2.3.4",
        ]
    )
    func looseForms(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "writes addresses in their canonical form",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8::0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:1.2.3.4", "::ffff:102:304"), ("fe80::", "fe80::"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ]
    )
    func canonical(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }
}

import Fleet
import Testing

@Suite("Node")
struct NodeTests {
    @Test(
        "an entry of the list is read",
        arguments: [
            ("edge-b=http://10.0.0.2:8080", Node(id: "edge-b", host: "10.0.0.2", port: 8080)),
            ("http://10.0.0.2:8080", Node(host: "10.0.0.2", port: 8080)),
            ("HTTP://Edge.Example", Node(host: "edge.example", port: 80)),
            ("x=https://edge.example/", Node(id: "x", scheme: .https, host: "edge.example", port: 443)),
            (
                "A_1.z=http://[2001:DB8::1]:81;weight=1000",
                Node(id: "A_1.z", host: "2001:db8::1", port: 81, weight: 1000)
            ),
            ("http://[::1]", Node(id: "[::1]:80", host: "::1", port: 80)),
            ("http://my_host-1:1;weight=2", Node(id: "my_host-1:1", host: "my_host-1", port: 1, weight: 2)),
        ]
    )
    func reads(text: String, node: Node) throws {
        #expect(try Node(peer: text) == node)
    }

    @Test(
        "a wrong entry is refused with what is wrong",
        arguments: [
            ("", FleetError.Problem.badScheme),
            ("edge-b", .badScheme),
            ("edge-b=", .badScheme),
            ("edge-b=10.0.0.2:8080", .badScheme),
            ("ftp://a", .badScheme),
            ("http:/a", .badScheme),
            ("=http://a", .missingID),
            ("a b=http://a", .badID),
            ("ä=http://a", .badID),
            ("\(String(repeating: "a", count: 64))=http://a", .badID),
            ("http://", .badHost),
            ("http://:80", .badHost),
            ("http://a..b", .badHost),
            ("http://a.", .badHost),
            ("http://1.2.3", .badHost),
            ("http://1.2.3.256", .badHost),
            ("http://1.2.3.04", .badHost),
            ("http://ä.example", .badHost),
            ("http://[::1", .badHost),
            ("http://[1.2.3.4]", .badHost),
            ("http://[fe80::1%eth0]", .badHost),
            ("http://[::1]x:80", .badHost),
            ("http://a:", .badPort),
            ("http://a:0", .badPort),
            ("http://a:65536", .badPort),
            ("http://a:+80", .badPort),
            ("http://a:80:80", .badPort),
            ("http://::1", .badHost),
            ("http://u@a", .notABareURL),
            ("http://a/b", .notABareURL),
            ("http://a//", .notABareURL),
            ("http://a?b=c", .notABareURL),
            ("http://a#b", .notABareURL),
            ("http://a;weight=0", .badWeight),
            ("http://a;weight=1001", .badWeight),
            ("http://a;weight=", .badWeight),
            ("http://a;weight=-1", .badWeight),
            ("http://a;colour=red", .badParameter),
            ("http://\(String(repeating: "a", count: 600))", .tooLong),
        ]
    )
    func refuses(text: String, problem: FleetError.Problem) {
        #expect(throws: FleetError.badPeer(entry: text, problem)) { try Node(peer: text) }
        #expect(FleetError.badPeer(entry: text, problem).description.contains(problem.rawValue))
    }

    @Test("a list is separated by commas or white space")
    func lists() throws {
        let nodes = try Node.list(" a=http://h:1, b=http://h:2\n\thttp://h:3,, ")
        #expect(nodes.map(\.id) == ["a", "b", "h:3"])
        #expect(try Node.list("").isEmpty)
    }

    @Test("a list has each node once, and not more than a region holds")
    func listErrors() throws {
        #expect(throws: FleetError.duplicateID("a")) { try Node.list("a=http://h:1 a=http://h:2") }
        #expect(throws: FleetError.duplicateAddress("h:1")) { try Node.list("a=http://h:1 b=http://H:1/") }
        let many = (1...65).map { "http://h:\($0)" }.joined(separator: ",")
        #expect(throws: FleetError.tooManyNodes(count: 65, max: 64)) { try Node.list(many) }
    }

    @Test("whatever is read can be written and read again; nothing crashes the reader")
    func fuzz() throws {
        let seeds = [
            "edge-b=http://10.0.0.2:8080;weight=3", "https://[2001:db8::1]:443/", "a=http://h", "http://1.2.3.4:65535",
        ]
        let pieces = Array("=:/[];.%@?#09azAZ-_ \u{e4}\u{0}\u{301}weight=http://").map(String.init)
        var generator = SeededGenerator(seed: 44)
        var accepted = 0
        for _ in 0..<20_000 {
            var text = Array(seeds[generator.number(0..<seeds.count)]).map(String.init)
            for _ in 0..<generator.number(0..<4) where !text.isEmpty {
                let place = generator.number(0..<text.count)
                switch generator.number(0..<3) {
                case 0: text.remove(at: place)
                case 1: text.insert(pieces[generator.number(0..<pieces.count)], at: place)
                default: text[place] = pieces[generator.number(0..<pieces.count)]
                }
            }
            do throws(FleetError) {
                let node = try Node(peer: text.joined())
                accepted += 1
                #expect(try Node(peer: node.description) == node)
                #expect((1...65_535).contains(node.port) && Node.weights.contains(node.weight) && !node.host.isEmpty)
                #expect(node.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/@?#;=,".utf8.contains($0) })
            } catch {
                guard case .badPeer = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        #expect(accepted > 4000)
    }
}

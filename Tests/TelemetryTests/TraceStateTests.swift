import Telemetry
import Testing

@Suite("Trace state")
struct TraceStateTests {
    @Test("members of several fields are joined in order; blanks around them and empty ones go")
    func joined() {
        let state = TraceState(fields: ["rojo=00f067aa0ba902b7 ,\t congo=t61rcWkgMzE", "", " , tenant@system=x y"])
        #expect(state.description == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,tenant@system=x y")
    }

    @Test(
        "a malformed or doubled member drops the whole state",
        arguments: [
            "novalue", "=1", "a=", "A=1", "a=b=c", "-a=1", "a b=1", "a=\u{7F}", "a=é", "a=1,a=2",
            (0..<33).map { "k\($0)=1" }.joined(separator: ","),
            "k=" + String(repeating: "x", count: 257),
            String(repeating: "x", count: 257) + "=1",
            String(repeating: " ", count: 9000),
        ]
    )
    func malformed(field: String) {
        #expect(TraceState(fields: ["good=1", field]).isEmpty)
    }

    @Test("state past 512 bytes loses its large members first, then the oldest")
    func shortened() {
        let large = "large=" + String(repeating: "x", count: 200)
        let small = (0..<7).map { "k\($0)=" + String(repeating: "y", count: 80) }
        let state = TraceState(fields: [([large] + small).joined(separator: ",")])
        #expect(state.members == Array(small.prefix(6)))
        #expect(state.description.utf8.count <= TraceState.bytesMax)
    }
}

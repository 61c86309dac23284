import Compression
import HTTPSemantics
import HTTPTypes
import Metering
import NIOCore
import Testing
import VitrineTesting
import Wire

@Suite("Events over HTTP", .timeLimit(.minutes(2)))
struct EventRoutesTests {
    private static let batchType = "application/cloudevents-batch+json"

    @Test("202 comes after the lines are kept, and not before")
    func acknowledgement() async throws {
        let sink = ScriptedSink(held: true)
        try await IntakeRig.run(sink) { rig in
            async let reply = rig.send(Sample.use())
            for await _ in sink.calls { break }
            #expect(sink.text == "")
            #expect(rig.routes.parts.metrics.figures.accepted == 0)
            sink.release()
            let answer = try await reply
            #expect(answer.status == 202)
            #expect(answer.text == "{\"accepted\":1,\"refused\":0,\"events\":[]}\n")
            #expect(answer.fields[.contentType] == "application/json")
            #expect(sink.count == 1)
            #expect(sink.text == String(buffer: try Sample.decode(Sample.use()).lines))
        }
    }

    @Test("a batch's refused events are listed, with all verdicts if asked for")
    func verdicts() async throws {
        let sink = ScriptedSink()
        try await IntakeRig.run(sink) { rig in
            let body = "[\(Sample.use()),\(Sample.use(["id": #""e\"2""#, "time": nil])),\(Sample.use(["id": nil]))]"
            let missingTime =
                #"{"index":1,"id":"e\"2","verdict":"refused","code":"missing","#
                + #""reason":"\"time\" is missing: when it was used."}"#
            let missingID = #"{"index":2,"id":null,"verdict":"refused","code":"missing","reason":"\"id\" is missing."}"#
            let some = try await rig.send(body, as: Self.batchType)
            #expect(some.status == 202)
            #expect(some.text == "{\"accepted\":1,\"refused\":2,\"events\":[\(missingTime),\(missingID)]}\n")
            let all = try await rig.send(body, as: Self.batchType, path: "/v1/events?verdicts=all")
            let kept = #"{"index":0,"id":"e-1","verdict":"accepted"}"#
            #expect(all.text == "{\"accepted\":1,\"refused\":2,\"events\":[\(kept),\(missingTime),\(missingID)]}\n")
            #expect(sink.count == 2)
            let figures = rig.routes.parts.metrics.figures
            #expect(figures.requests == [.partial: 2])
            #expect(figures.refused == [.missing: 4])
        }
    }

    @Test("when no event is valid the answer is a problem with the same list")
    func allRefused() async throws {
        let sink = ScriptedSink()
        try await IntakeRig.run(sink) { rig in
            let reply = try await rig.send(Sample.use(["id": nil]))
            #expect(reply.status == 400)
            #expect(reply.fields[.contentType] == "application/problem+json")
            #expect(reply.text.hasPrefix(#"{"type":"https://vitrine.invalid/problems/events-refused","#))
            #expect(
                reply.text.contains(#","accepted":0,"refused":1,"events":[{"index":0,"id":null,"verdict":"refused","#)
            )
            #expect(reply.text.hasSuffix("]}\n"))
            #expect(sink.count == 0)
        }
    }

    @Test("an empty batch is accepted without touching the disk")
    func empty() async throws {
        let sink = ScriptedSink(failing: .full)
        try await IntakeRig.run(sink) { rig in
            let reply = try await rig.send("[]", as: Self.batchType)
            #expect(reply.status == 202)
        }
    }

    @Test("lines, compressed bodies and header fields are taken")
    func forms() async throws {
        let sink = ScriptedSink()
        try await IntakeRig.run(sink) { rig in
            let lines = Sample.use() + "\n" + Sample.use(["id": #""e-2""#]) + "\n"
            #expect(try await rig.send(lines, as: "application/x-ndjson; charset=UTF-8").status == 202)
            let compressor = Compressor()
            for coding in [ContentCoding.gzip, .zstd] {
                let body: [UInt8] = try compressor.compress(Array(lines.utf8), as: coding)
                let reply = try await rig.send(
                    body,
                    as: "application/x-ndjson",
                    [.contentEncoding: coding.rawValue]
                )
                #expect(reply.status == 202, "\(coding)")
            }
            var fields: HTTPFields = [:]
            for (name, value) in [
                ("ce-specversion", "1.0"), ("ce-id", "e-1"), ("ce-source", "/s"),
                ("ce-type", "com.vitrine.delivery.v1"),
            ] { fields[try #require(HTTPField.Name(name))] = value }
            #expect(try await rig.send(Array("{}".utf8), as: "application/json", fields).status == 202)
            #expect(sink.count == 7)
        }
    }

    @Test("other bodies, codings and methods are refused as HTTP has it")
    func refusals() async throws {
        let sink = ScriptedSink()
        try await IntakeRig.run(sink) { rig in
            let body = Array(Sample.use().utf8)
            for type in [
                "application/json", "text/plain", nil, "application/cloudevents+json; charset=utf-16",
                "application/cloudevents+avro",
            ] {
                #expect(try await rig.send(body, as: type).status == 415, "\(type ?? "none")")
            }
            let coded = try await rig.send(body, as: "application/cloudevents+json", [.contentEncoding: "br"])
            #expect(coded.status == 415)
            #expect(coded.fields[.acceptEncoding] == "gzip, zstd")
            let broken = try await rig.send(body, as: "application/cloudevents+json", [.contentEncoding: "gzip"])
            #expect(broken.status == 400)
            let malformed = try await rig.send("{\"id\":", as: "application/cloudevents+json")
            #expect(malformed.status == 400)
            #expect(malformed.text.contains("bad-json"))
            for method in [HTTPRequest.Method.get, .put, .delete, .options] {
                let reply = try await rig.send([], as: nil, method: method)
                #expect(reply.status == 405)
                #expect(reply.fields[.allow] == "POST")
            }
            let keyless = try await rig.send(body, as: "application/cloudevents+json", [.authorization: "Bearer other"])
            #expect(keyless.status == 401)
            #expect(try await rig.send([], as: nil, method: .get, path: "/v1/eventsx").status == 418)
            #expect(sink.count == 0)
            #expect(rig.routes.bytesUnderWay == 0)
        }
    }

    @Test("bodies past the limit are 413, as sent and after decompression")
    func sizes() async throws {
        var limits = EventLimits()
        limits.bodyBytes = 10_000
        limits.events = 5
        let sink = ScriptedSink()
        try await IntakeRig.run(sink, limits: limits) { rig in
            let large = [UInt8](repeating: 0x20, count: 10_001)
            #expect(try await rig.send(large).status == 413)
            let compressor = Compressor()
            for coding in [ContentCoding.gzip, .zstd] {
                let bomb = [UInt8](repeating: 0x20, count: 4 << 20)
                let body: [UInt8] = try compressor.compress(bomb, as: coding)
                #expect(body.count < 10_000)
                let reply = try await rig.send(
                    body,
                    as: "application/x-ndjson",
                    [.contentEncoding: coding.rawValue]
                )
                #expect(reply.status == 413, "\(coding)")
            }
            let many = "[" + Array(repeating: "{}", count: 6).joined(separator: ",") + "]"
            #expect(try await rig.send(many, as: Self.batchType).status == 413)
            #expect(sink.count == 0)
            #expect(rig.routes.bytesUnderWay == 0)
        }
    }

    @Test(
        "what cannot be kept is 429 or 503, with the time to wait",
        arguments: [
            (MeteringError.busy(retryAfter: .milliseconds(1_500)), 429, "2"), (.busy(retryAfter: .zero), 429, "1"),
            (.full, 503, "30"), (.closed, 503, "1"),
        ]
    )
    func pressure(failure: MeteringError, status: Int, seconds: String) async throws {
        try await IntakeRig.run(ScriptedSink(failing: failure)) { rig in
            let reply = try await rig.send(Sample.use())
            #expect(reply.status == status)
            #expect(reply.fields[.retryAfter] == seconds)
            #expect(rig.routes.parts.metrics.figures.accepted == 0)
            #expect(rig.routes.bytesUnderWay == 0)
        }
    }

    @Test("bodies that would take more memory than there is for them are 429")
    func budget() async throws {
        var limits = EventLimits()
        limits.bytesUnderWay = 1_000
        let sink = ScriptedSink(held: true)
        try await IntakeRig.run(sink, limits: limits) { rig in
            async let first = rig.send(Sample.use(data: ["x": "\"" + String(repeating: "x", count: 500) + "\""]))
            for await _ in sink.calls { break }
            let second = try await rig.send(Sample.use(data: ["x": "\"" + String(repeating: "x", count: 500) + "\""]))
            #expect(second.status == 429)
            #expect(second.fields[.retryAfter] == "1")
            sink.release()
            #expect(try await first.status == 202)
            #expect(rig.routes.bytesUnderWay == 0)
        }
    }

    @Test("the schema is served to whoever asks")
    func schema() async throws {
        try await IntakeRig.run(ScriptedSink()) { rig in
            let reply = try await rig.send(
                [],
                as: nil,
                [.authorization: "none"],
                method: .get,
                path: EventRoutes.schemaPath
            )
            #expect(reply.status == 200)
            #expect(reply.text == EventSchema.text)
            #expect(reply.fields[.contentType] == "application/schema+json")
            let head = try await rig.send([], as: nil, method: .head, path: EventRoutes.schemaPath)
            #expect(head.status == 200)
            #expect(head.text == "")
            let posted = try await rig.send([], as: nil, method: .post, path: EventRoutes.schemaPath)
            #expect(posted.status == 405)
            #expect(posted.fields[.allow] == "GET, HEAD")
        }
    }
}

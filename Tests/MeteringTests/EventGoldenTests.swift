import Metering
import NIOCore
import Testing

@Suite("The format of lines")
struct EventGoldenTests {
    @Test("the golden events have the golden lines")
    func lines() throws {
        let events = try GoldenFile("Tests/Goldens/usage-event.ndjson").text()
        let batch = try Sample.decode(events, as: .lines)
        #expect(batch.refused == 0)
        try GoldenFile("Tests/Goldens/usage-event.csv").expect(String(buffer: batch.lines))
    }

    @Test("the published schema is the one in the documents")
    func schema() throws {
        #expect(try GoldenFile("docs/formats/usage-event.schema.json").text() == EventSchema.text)
    }
}

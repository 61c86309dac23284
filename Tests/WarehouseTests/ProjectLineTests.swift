import Testing
import VitrineTesting
import Warehouse

@Suite("Lines of the project")
struct ProjectLineTests {
    private func line(_ text: String) -> ProjectLine { ProjectLine(Array(text.utf8)) }

    @Test("progress is read with everything that it says")
    func progress() {
        let expected = UsageProgress("land", done: 3, of: 7, rows: 120_000, seconds: 1.5, detail: "2026-01-02")
        let text = #"{"stage":"land","done":3,"of":7,"rows":120000,"seconds":1.5,"detail":"2026-01-02","new":[1]}"#
        #expect(line(text) == .progress(expected))
        #expect(line(#"{"stage":"done"}"#) == .progress(UsageProgress("done")))
    }

    @Test("numbers that cannot be are left out, not guessed")
    func impossibleNumbers() {
        let text = #"{"stage":"land","done":-3,"of":1e300,"rows":"many","seconds":-1}"#
        #expect(line(text) == .progress(UsageProgress("land")))
    }

    @Test("a failure has its remedy")
    func failure() {
        #expect(line(#"{"error":"no room","remedy":"make some"}"#) == .failure(reason: "no room", remedy: "make some"))
        #expect(line(#"{"error":"no room"}"#) == .failure(reason: "no room", remedy: nil))
        #expect(line(#"{"error":"no room","remedy":""}"#) == .failure(reason: "no room", remedy: nil))
    }

    @Test("what is no line of ours is shown without what a terminal would obey")
    func other() {
        #expect(line("Traceback (most recent call last):") == .other("Traceback (most recent call last):"))
        #expect(line("\u{1B}[2Jgone\u{7}") == .other("[2Jgone"))
        #expect(line(#"{"stage":""}"#) == .other(#"{"stage":""}"#))
        #expect(line(#"{"stage": 3}"#) == .other(#"{"stage": 3}"#))
        #expect(line(#"{"error":"\u001b]0;x\u0007bad"}"#) == .failure(reason: "]0;xbad", remedy: nil))
    }

    @Test("written progress is read as it was")
    func roundTrip() {
        let all = [
            UsageProgress("seal"), UsageProgress("fetch", done: 0, of: 0, rows: 0, seconds: 0),
            UsageProgress("python", detail: "collecting \"x\" \\ \u{1F600}"),
            UsageProgress("model", done: 12, of: 34, rows: 1 << 50, seconds: 12.345, detail: "creator_daily"),
        ]
        for progress in all { #expect(line(progress.json) == .progress(progress)) }
    }

    @Test("mutated lines are read or refused, and never show control characters", arguments: [1, 2, 3] as [UInt64])
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let seeds = [
            #"{"stage":"land","done":3,"of":7,"rows":120000,"seconds":1.5,"detail":"\u001b[1m"}"#,
            #"{"error":"a \" quoted\nthing","remedy":"do \u0000 this"}"#, #"[{"stage":"land"}]"#, "{{{{", "plain",
        ].map { Array($0.utf8) }
        for _ in 0..<4000 {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                default: bytes = Array(bytes[..<place]) + bytes[min(place + 2, bytes.count)...]
                }
            }
            let texts: [String?]
            switch ProjectLine(bytes) {
            case .progress(let progress):
                texts = [progress.stage, progress.detail]
                #expect((progress.done ?? 0) >= 0 && (progress.rows ?? 0) >= 0 && (progress.seconds ?? 0) >= 0)
                #expect(progress.text(width: 60).count <= 60)
            case .failure(let reason, let remedy): texts = [reason, remedy]
            case .other(let text): texts = [text]
            }
            for text in texts.compactMap({ $0 }) {
                #expect(
                    !text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x7F },
                    "\(bytes)"
                )
            }
        }
    }

    @Test("progress is a line for people")
    func text() {
        let progress = UsageProgress("land", done: 3, of: 12, rows: 1_234_567, seconds: 3.46, detail: "2026-01-02")
        #expect(progress.text() == "land   3/12 (25 %)  1,234,567 rows  3.4 s  2026-01-02")
        #expect(progress.text(width: 9) == "land   3/")
        #expect(UsageProgress("python", detail: "collecting duckdb").text() == "python collecting duckdb")
        #expect(UsageProgress.grouped(0) == "0")
        #expect(UsageProgress.grouped(999) == "999")
        #expect(UsageProgress.grouped(-1_000) == "-1,000")
    }
}

import Foundation
import Testing

@testable import Telemetry

@Suite("Process figures")
struct ProcessFiguresTests {
    @Test("the fields of /proc are read, whatever the command is called")
    func parsed() throws {
        let stat =
            "42 (evil) name 7) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 1000 123456789 2000 18446744073709"
        let status = "Name:\tvitrine\nVmPeak:\t  9999 kB\nVmRSS:\t    2048 kB\n"
        let machine = "cpu  1 2 3\nctxt 5\nbtime 1700000000\nprocesses 9\n"
        let figures = try #require(
            ProcessFigures(stat: stat, status: status, machine: machine, openDescriptors: 9)
        )
        #expect(figures.cpuSeconds == 3)
        #expect(figures.residentBytes == 2_097_152)
        #expect(figures.virtualBytes == 123_456_789)
        #expect(figures.openDescriptors == 9)
        #expect(figures.startSeconds == 1_700_000_010)
    }

    @Test(
        "text that is not /proc's gives nothing",
        arguments: ["", "1 (x", "1 (x) S 1 2 3", "1 (x) S a b c d e f g h i j k l m n o p q r s t u"]
    )
    func malformed(stat: String) {
        #expect(ProcessFigures(stat: stat, status: "", machine: "btime 1\n", openDescriptors: 0) == nil)
    }

    @Test("this process has figures that make sense")
    func live() throws {
        let figures = try #require(ProcessFigures())
        #expect(figures.cpuSeconds > 0)
        #expect(figures.residentBytes > 1_000_000 && figures.residentBytes < figures.virtualBytes)
        #expect(figures.openDescriptors >= 3)
        #expect(figures.startSeconds > 1_700_000_000)
        #expect(figures.startSeconds <= Date.now.timeIntervalSince1970 + 1)
        #expect(ProcessFigures(process: "0") == nil)
    }

    @Test("the collector puts them on the page")
    func collector() {
        let registry = PrometheusRegistry()
        registry.add(collector: ProcessFigures.collector)
        let page = String(decoding: registry.exposition().bytes, as: UTF8.self)
        for name in ["process_cpu_seconds_total", "process_open_fds", "process_resident_memory_bytes"] {
            #expect(page.contains("\n\(name) "))
        }
    }
}

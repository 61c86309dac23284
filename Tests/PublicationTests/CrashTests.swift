import Foundation
import ObjectStorage
import Publication
import PublishCrasher
import Testing
import VitrineTesting

@Suite("Crashes during a publish")
struct CrashTests {
    @Test("a crash before any step of the store leaves the old number or the new one, whole")
    func everyStep() async throws {
        var latest: Set<Int> = []
        for step in 1... {
            try #require(step < 200, "the child never came to its end")
            let fixture = try await PublisherFixture(.folder)
            try await fixture.publish(1)
            let child = try ChildProcess("PublishCrasher", [fixture.folder.path, "step", String(step)])
            child.process.waitUntilExit()
            let after = try await PublisherFixture(.folder, seed: 3, sharing: fixture)
            let number = try await after.publisher.archive.latestNumber(of: after.app)
            latest.insert(number)
            let source = try await after.publisher.source(number, of: after.app)
            #expect(source == PublisherFixture.features(["a": "\(number)"]), "step \(step)")
            #expect(number == 1 || number == 2)
            let again = try await after.publish(7, expected: number)
            #expect(again.entry.number == number + 1)
            if child.process.terminationReason == .exit {
                #expect(child.process.terminationStatus == 0)
                #expect(number == 2)
                break
            }
        }
        #expect(latest == [1, 2], "some crashes came before and some after")
    }

    @Test("kill -9 at any time: every number that was told is there, and the latest is whole", arguments: 0..<6)
    func killed(_ round: Int) async throws {
        let fixture = try await PublisherFixture(.folder)
        let child = try ChildProcess("PublishCrasher", [fixture.folder.path, "loop", String(round)])
        let told = child.lines(1 + round * 3).compactMap { Int($0) }
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
        let last = try #require(told.last)
        #expect(told == Array(1...last))
        let latest = try await fixture.publisher.archive.latestNumber(of: fixture.app)
        #expect(latest >= last)
        for number in 1...latest {
            _ = try await fixture.publisher.source(number, of: fixture.app)
        }
        #expect(try await fixture.publish(1).entry.number == latest + 1)
    }
}

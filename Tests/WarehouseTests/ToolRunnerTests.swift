import FoundationEssentials
import Glibc
import Synchronization
import Testing
import VitrineTesting
import Warehouse

@Suite("Running programs")
struct ToolRunnerTests {
    /// What a shell script wrote, and how it ended.
    private final class Ear: Sendable {
        let output = Mutex("")
        let errors = Mutex("")

        func take(_ stream: ToolRunner.Stream, _ bytes: ArraySlice<UInt8>) {
            let text = String(decoding: bytes, as: UTF8.self)
            switch stream {
            case .output: output.withLock { $0 += text }
            case .errors: errors.withLock { $0 += text }
            }
        }
    }

    private func shell(
        _ script: String,
        folder: String? = nil,
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        control: ToolControl = ToolControl(),
        onOutput: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> (ToolEnding, output: String, errors: String) {
        let ear = Ear()
        let command = ToolCommand("/bin/sh", ["-c", script], environment: environment, folder: folder)
        let ending = try await ToolRunner.run(command, control: control) { stream, bytes in
            ear.take(stream, bytes)
            if stream == .output { onOutput(String(decoding: bytes, as: UTF8.self)) }
        }
        return (ending, ear.output.withLock { $0 }, ear.errors.withLock { $0 })
    }

    @Test("everything that is written comes, up to the last byte before the end")
    func output() async throws {
        let (ending, output, errors) = try await shell(
            "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; echo oh >&2; printf end"
        )
        #expect(ending == .exited(0))
        #expect(output == (0..<5000).map { "line \($0)\n" }.joined() + "end")
        #expect(errors == "oh\n")
    }

    @Test("more than a pipe holds does not stop it")
    func large() async throws {
        let (ending, output, errors) = try await shell(
            "head -c \(40 << 16) /dev/zero | tr '\\0' x; head -c \(3 << 16) /dev/zero | tr '\\0' y >&2"
        )
        #expect(ending.isSuccess && output.utf8.count == 40 * 65536 && errors.utf8.count == 3 * 65536)
    }

    @Test("its exit code and its signal are told")
    func endings() async throws {
        #expect(try await shell("exit 7").0 == .exited(7))
        #expect(try await shell("kill -9 $$").0 == .killed(9))
    }

    @Test("it starts where it is told, with the environment that it is given and no input")
    func place() async throws {
        let folder = try TemporaryFolder()
        let (_, output, _) = try await shell("pwd -P; echo $A-$HOME; cat", folder: folder.path, environment: ["A": "b"])
        let lines = output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasSuffix(folder.path.split(separator: "/").last ?? "?"))
        #expect(lines[1] == "b-")
    }

    @Test("a program that is not there is named")
    func missing() async throws {
        let command = ToolCommand("/nowhere/at/all", [], environment: [:])
        let error = await #expect(throws: WarehouseError.self) {
            _ = try await ToolRunner.run(command, control: ToolControl()) { _, _ in }
        }
        #expect(error?.code == .missing && error?.reason.contains("/nowhere/at/all") == true)
    }

    @Test("the first signal reaches it, and it may end in good order")
    func politely() async throws {
        let control = ToolControl()
        let script = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
        let (ending, output, _) = try await shell(script, control: control) { text in
            if text.contains("ready") { control.stop(SIGTERM) }
        }
        #expect(ending == .exited(3) && output == "ready\nbye\n")
        #expect(control.signal == SIGTERM)
    }

    @Test("a program of its own heeds an interrupt as programs do")
    func interrupt() async throws {
        let control = ToolControl()
        let (ending, _, _) = try await shell("echo ready; while :; do sleep 0.05; done", control: control) { _ in
            control.stop(SIGINT)
        }
        #expect(ending == .killed(SIGINT))
    }

    @Test("the second signal kills what does not end, with everything that it started")
    func byForce() async throws {
        let control = ToolControl()
        let script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.05; done' & wait; echo $$"
        let inner = Mutex<Int32?>(nil)
        let (ending, _, _) = try await shell(script, control: control) { text in
            inner.withLock { $0 = text.split(separator: "\n").first.flatMap { Int32($0) } }
            control.stop(SIGTERM)
            control.stop(SIGTERM)
        }
        #expect(ending == .killed(SIGKILL))
        let id = try #require(inner.withLock { $0 })
        // Gone, or about to be taken leave of by init.
        while kill(id, 0) == 0 {
            guard let state = Self.state(of: id), state != "Z" else { break }
            await Task.yield()
        }
    }

    @Test("what does not end in its time is killed")
    func grace() async throws {
        let control = ToolControl(grace: .milliseconds(1))
        let script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
        let (ending, _, _) = try await shell(script, control: control) { _ in control.stop(SIGTERM) }
        #expect(ending == .killed(SIGKILL))
    }

    @Test("nothing starts after the end was asked for")
    func stopped() async throws {
        let control = ToolControl()
        control.stop(SIGTERM)
        let error = await #expect(throws: WarehouseError.self) {
            _ = try await ToolRunner.run(
                ToolCommand("/bin/sh", ["-c", "exit 0"], environment: [:]),
                control: control
            ) { _, _ in }
        }
        #expect(error == .stopped)
    }

    /// The state letter of a process; `nil` if there is none.
    private static func state(of id: Int32) -> Substring? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ").first
    }
}

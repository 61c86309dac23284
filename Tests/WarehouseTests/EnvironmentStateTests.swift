import Testing

@testable import Warehouse

@Suite("What is found at an environment's place")
struct EnvironmentStateTests {
    private let mark = EnvironmentMark(requirements: "abc", python: "3.11.7", folder: "/data/usage/python-abc")

    private func judge(
        exists: Bool = true,
        mark: EnvironmentMark?,
        requirements: String = "abc",
        folder: String = "/data/usage/python-abc",
        interpreter: String? = "3.11.9"
    ) -> EnvironmentState {
        EnvironmentState.judge(
            exists: exists,
            mark: mark,
            requirements: requirements,
            folder: folder,
            interpreter: interpreter
        )
    }

    private func isBroken(_ state: EnvironmentState) -> Bool {
        if case .broken = state { true } else { false }
    }

    @Test("with its mark and a Python of its series it is whole")
    func whole() { #expect(judge(mark: mark) == .whole) }

    @Test("nothing is absent")
    func absent() { #expect(judge(exists: false, mark: nil, interpreter: nil) == .absent) }

    @Test("without a mark it was cut off")
    func cutOff() {
        #expect(isBroken(judge(mark: nil)))
        var later = mark
        later.version = 2
        #expect(isBroken(judge(mark: later)))
    }

    @Test("another list of packages, another place or another Python needs another environment")
    func others() {
        #expect(isBroken(judge(mark: mark, requirements: "abd")))
        #expect(isBroken(judge(mark: mark, folder: "/elsewhere/python-abc")))
        #expect(isBroken(judge(mark: mark, interpreter: "3.12.0")))
        #expect(isBroken(judge(mark: mark, interpreter: nil)))
    }
}

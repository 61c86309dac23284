import FoundationEssentials
import VitrineTesting
import Warehouse

/// A `python3` of a few lines that makes environments as quickly as a test wants, and counts what it is asked.
struct FakePython {
    let folder: TemporaryFolder
    let data: TemporaryFolder

    /// `pip` is what installing does, in the shell.
    init(pip: String = "echo Collecting alpha==1; echo 'Installing collected packages: alpha, beta'") throws {
        folder = try TemporaryFolder()
        data = try TemporaryFolder()
        let script = """
            #!/bin/sh
            self=$0
            case "$*" in
              *"import sys, venv, ensurepip"*) [ ! -e '\(folder.path)/no-venv' ] && echo 3.11.7 ;;
              *"import sys;"*) cat '\(folder.path)/version' ;;
              "-m venv "*)
                echo venv >> '\(folder.path)/calls'
                mkdir -p "$3/bin" && cp "$self" "$3/bin/python" ;;
              "-m pip install "*)
                echo "$*" >> '\(folder.path)/calls'
                \(pip) ;;
              *) echo "unexpected: $*" >&2; exit 9 ;;
            esac
            """
        try folder.write(Array(script.utf8), to: "bin/python3")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: folder.path(of: "bin/python3")
        )
        try say("3.11.7")
    }

    /// What it says its version is, from now on.
    func say(_ version: String) throws { try folder.write(Array((version + "\n").utf8), to: "version") }

    func environment(_ list: String = "alpha==1\n", control: ToolControl = ToolControl()) -> PythonEnvironment {
        PythonEnvironment(
            Requirements(files: ["/lists/requirements.txt"], contents: [Array(list.utf8)]),
            root: data.path + "/usage",
            variables: ["PATH": folder.path + "/bin:/usr/bin:/bin"],
            control: control
        )
    }

    /// How often environments were begun.
    func makings() -> Int {
        let text = FileManager.default.contents(atPath: folder.path(of: "calls")).map {
            String(decoding: $0, as: UTF8.self)
        }
        return (text ?? "").split(separator: "\n").count { $0 == "venv" }
    }
}

import FoundationEssentials

/// Where a Python is, and what to ask it.
package enum Interpreter {
    /// The oldest series that the packages work with.
    package static let oldest = (major: 3, minor: 10)
    /// What makes a Python and environments on Debian.
    package static let remedy = "apt-get install python3 python3-venv, or give --python an interpreter to use"
    /// Prints the version; the modules that make environments must be there.
    static let makerProbe = "import sys, venv, ensurepip; print('.'.join(map(str, sys.version_info[:3])))"
    static let versionProbe = "import sys; print('.'.join(map(str, sys.version_info[:3])))"

    /// The first program of this name on the search path; a name with a slash is a path itself.
    package static func find(_ name: String, searchPath: String?) -> String? {
        if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
        for folder in (searchPath ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") where folder.first == "/" {
            let path = folder + "/" + name
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return nil
    }

    /// The environment that Python programs of ours get: the given one, but for what would lead them to other modules
    /// or have them report home.
    package static func variables(from environment: [String: String]) -> [String: String] {
        var variables = environment.filter { name, _ in
            !name.hasPrefix("PYTHON") && !name.hasPrefix("DBT_") && name != "VIRTUAL_ENV"
                && name != "__PYVENV_LAUNCHER__"
        }
        variables["PYTHONNOUSERSITE"] = "1"
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONUTF8"] = "1"
        variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        variables["PIP_NO_INPUT"] = "1"
        variables["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        variables["DO_NOT_TRACK"] = "1"
        return variables
    }

    /// Whether a version such as `3.11.7` is new enough.
    package static func isUsable(_ version: String) -> Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return parts.count >= 2 && (parts[0], parts[1]) >= (oldest.major, oldest.minor)
    }

    /// What a one-line program prints; `nil` if it fails.
    package static func answer(
        of python: String,
        to program: String,
        environment: [String: String],
        control: ToolControl
    ) async throws(WarehouseError) -> String? {
        let output = Collected()
        let command = ToolCommand(python, ["-I", "-c", program], environment: environment, folder: "/")
        let ending: ToolEnding
        do throws(WarehouseError) {
            ending = try await ToolRunner.run(command, control: control) { stream, bytes in
                if stream == .output { output.append(bytes) }
            }
        } catch {
            if error.code == .stopped { throw error }
            return nil
        }
        if control.signal != nil { throw .stopped }
        return ending.isSuccess ? output.text.split(separator: "\n").first.map(String.init) : nil
    }

    /// What makes environments of this Python impossible; `nil` if nothing does.
    package static func fault(
        of python: String,
        environment: [String: String],
        control: ToolControl
    ) async throws(WarehouseError) -> WarehouseError? {
        guard let version = try await answer(of: python, to: versionProbe, environment: environment, control: control)
        else { return WarehouseError(.missing, "\(python) does not run", remedy: remedy) }
        guard isUsable(version) else {
            return WarehouseError(
                .missing,
                "\(python) is Python \(version), and \(oldest.major).\(oldest.minor) or later is needed",
                remedy: remedy
            )
        }
        if try await answer(of: python, to: makerProbe, environment: environment, control: control) == nil {
            return WarehouseError(.missing, "\(python) has no venv or no pip to give", remedy: remedy)
        }
        return nil
    }
}

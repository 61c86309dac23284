import Testing

@testable import Warehouse

@Suite("What pip says")
struct PipOutputTests {
    private func failure(_ lines: [String]) -> WarehouseError {
        var output = PipOutput()
        for line in lines { _ = output.take(line) }
        return output.failure(again: "python -m pip install")
    }

    @Test("packages are named as they come")
    func progress() {
        var output = PipOutput()
        #expect(
            output.take("Collecting dbt-core==1.11.16 (from -r /x/requirements.txt (line 3))") == "collecting dbt-core"
        )
        #expect(output.take("  Downloading dbt_core-1.11.16-py3-none-any.whl (1.0 MB)") == nil)
        #expect(output.take("Installing collected packages: a, b, c") == "installing 3 packages")
        #expect(output.take("Installing collected packages: a") == "installing 1 package")
    }

    @Test("a network that is not there is the reason, not the package that was not found for it")
    func network() {
        let error = failure([
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError('<…>: Failed to "
                + "establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/dbt-core/",
            "ERROR: Could not find a version that satisfies the requirement dbt-core==1.11.16 (from versions: none)",
            "ERROR: No matching distribution found for dbt-core==1.11.16",
        ])
        #expect(error.code == .missing && error.reason.contains("does not answer"))
        #expect(error.remedy?.contains("PIP_INDEX_URL") == true)
    }

    @Test("a full disk, foreign packages and anything else have their own words")
    func others() {
        let full = failure(["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"])
        #expect(full.code == .disk)
        let foreign = failure(["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."])
        #expect(foreign.code == .failed && foreign.remedy == "do not use that index")
        let unknown = failure(["ERROR: No matching distribution found for nothing==1"])
        #expect(unknown.reason.contains("No matching distribution found for nothing==1"))
        #expect(unknown.remedy?.contains("python -m pip install") == true)
        #expect(failure([]).reason.contains("does not say why"))
    }
}

/// What pip writes, read for progress and for the reason of a failure.
struct PipOutput: Sendable {
    private static let networkSigns = [
        "NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ReadTimeoutError", "ProxyError",
        "Temporary failure in name resolution", "Network is unreachable", "No route to host", "Connection refused",
        "Connection reset by peer", "Could not fetch URL",
    ]

    private var sawNetworkTrouble = false
    private var sawNoSpace = false
    private var sawWrongHash = false
    /// The last lines that say what went wrong, oldest first.
    private var complaints: [String] = []

    /// Takes a line; what to show of it, `nil` for nothing.
    mutating func take(_ line: String) -> String? {
        if Self.networkSigns.contains(where: line.contains) { sawNetworkTrouble = true }
        if line.contains("No space left on device") { sawNoSpace = true }
        if line.contains("DO NOT MATCH THE HASHES") { sawWrongHash = true }
        if line.hasPrefix("ERROR:") || line.hasPrefix("Error:") {
            complaints.append(String(line.drop { $0 != " " }.dropFirst()))
            if complaints.count > 3 { complaints.removeFirst() }
        }
        if line.hasPrefix("Collecting ") {
            return "collecting " + Self.name(line.dropFirst("Collecting ".count))
        }
        if line.hasPrefix("Installing collected packages: ") {
            let count = line.split(separator: ",").count
            return "installing \(count) package\(count == 1 ? "" : "s")"
        }
        return nil
    }

    /// Why it failed.
    ///
    /// `again` is the call that a person can make to see for themselves.
    func failure(again: String) -> WarehouseError {
        if sawNoSpace {
            return WarehouseError(
                .disk,
                "the Python packages do not fit on the disk",
                remedy: "make room (some 1 GB), or choose another folder with --data"
            )
        }
        if sawWrongHash {
            return WarehouseError(
                .failed,
                "the package index sent other packages than the pinned ones: \(complaints.last ?? "hashes differ")",
                remedy: "do not use that index"
            )
        }
        if sawNetworkTrouble {
            return WarehouseError(
                .missing,
                "the Python packages cannot be fetched: the package index does not answer",
                remedy: "connect this machine to PyPI, set PIP_INDEX_URL to a mirror, or give --python an interpreter "
                    + "that has the packages; to see more: \(again)"
            )
        }
        return WarehouseError(
            .missing,
            "the Python packages cannot be installed: \(complaints.last ?? "pip does not say why")",
            remedy: "to see more: \(again)"
        )
    }

    /// `duckdb` of `duckdb==2.0 (from -r …)`.
    private static func name(_ text: Substring) -> String {
        String(text.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
    }
}

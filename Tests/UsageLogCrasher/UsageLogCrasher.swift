import Assignments

/// Records usage events until its parent kills it.
@main
struct UsageLogCrasher {
    static func main() async throws {}
}

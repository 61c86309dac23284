import Testing

@Suite("Geometry")
struct GeometryTableTests {
    @Test("a plan has the sizes and places that imgproxy's documentation asks for", arguments: GeometryTable.all)
    func row(row: GeometryCase?) throws {
        let row = try #require(row, "a line of the table cannot be read")
        for (name, value) in row.expected {
            #expect(row.actual(name) == value, "\(row): \(name)")
        }
    }

    @Test("the table has at least 120 rows")
    func rows() {
        #expect(GeometryTable.all.count >= 120)
    }
}

import NIOCore
import Rendering
import Testing

@Suite struct SharedBytesTests {
    @Test("copied bytes are read back in pieces")
    func readsBack() throws {
        let shared = try SharedBytes(copying: Array(0..<200))
        #expect(shared.count == 200)
        #expect(try shared.read(at: 50, count: 3).readableBytesView.elementsEqual([50, 51, 52]))
    }
}

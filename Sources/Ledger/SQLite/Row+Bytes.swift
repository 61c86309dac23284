import FoundationEssentials
import GRDB

extension Row {
    /// A BLOB's bytes; none for NULL.
    func dataBytes(_ index: Int) -> [UInt8] {
        let data: Data? = self[index]
        return data.map { Array($0) } ?? []
    }
}

extension [UInt8] {
    /// The bytes as SQLite takes them.
    var databaseBlob: Data { Data(self) }
}

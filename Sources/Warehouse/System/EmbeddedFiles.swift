import CWarehouse

/// The files that the compiler put into this binary.
enum EmbeddedFiles {
    /// In the order of their paths.
    static var all: [WarehouseFile] {
        (0..<cwarehouse_count()).map { index in
            // SAFETY: the index is below the count, and for such, path and bytes live as long as the program.
            let path = unsafe String(cString: cwarehouse_path(index))
            let bytes = unsafe UnsafeBufferPointer(start: cwarehouse_bytes(index), count: cwarehouse_size(index))
            return WarehouseFile(path: path, bytes: unsafe Array(bytes))
        }
    }
}

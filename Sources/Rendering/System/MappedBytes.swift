import Glibc

/// A file's bytes in memory, read-only and private.
///
/// If the file is cut meanwhile, touching what is gone ends the process: only for sealed memory files, and for workers.
@safe
final class MappedBytes {
    /// Valid as long as this object lives; keep it alive around every use.
    let bytes: UnsafeRawBufferPointer

    /// Small files are read in at once.
    static let eagerBytesMax = 1 << 20

    init(_ descriptor: OwnedDescriptor, count: Int) throws(SystemError) {
        guard count > 0 else {
            // SAFETY: an empty buffer refers to nothing.
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let flags = MAP_PRIVATE | (count <= Self.eagerBytesMax ? MAP_POPULATE : 0)
        // SAFETY: a fresh mapping at an address of the kernel's choice touches no existing memory.
        let address = unsafe mmap(nil, count, PROT_READ, Int32(flags), descriptor.number, 0)
        guard unsafe address != MAP_FAILED else { throw SystemError(call: "mmap", code: errno) }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        if let address = unsafe bytes.baseAddress {
            // SAFETY: the mapping is this object's own, and nobody can hold `bytes` longer.
            unsafe munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
        }
    }
}

import Testing

/// Tests with real processes, one after the other: they watch process ids, descriptors and memory.
@Suite(.serialized, .timeLimit(.minutes(3))) enum PoolTests {}

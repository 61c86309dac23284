import Caching
import NIOCore

/// Makes of a closed segment the file that is shipped and its manifest, and removes the lines as they came.
///
/// The compressed file is kept until the store has the manifest, so that what is shipped after a crash is the same to
/// the last byte. Blocks, and computes: some 300 ms for 64 MB.
struct SegmentSealer: Sendable {
    let steps: SegmentSteps
    /// Whether damaged groups are left out, instead of thrown.
    let salvages: Bool

    /// - Throws: `disk`, `full`, `damaged`; then the lines are still there, and sealing may be tried again.
    func seal(_ segment: ClosedSegment, level: Int32) throws(MeteringError) -> (SealedSegment, SegmentReading) {
        let sealed = segment.home.sealed
        let bodyName = SegmentName.body(segment.number).text
        let body = try meteringErrors { () throws(DiskFailure) in
            // What an earlier attempt has left is as good as nothing.
            try sealed.remove(SegmentName.manifest(segment.number).text)
            try sealed.remove(bodyName)
            return try sealed.create(bodyName)
        }
        var reading = SegmentReading(segment, salvages: salvages)
        let manifest = try write(&reading, of: segment, to: body, level: level)
        steps.after(.bodyWritten)
        try meteringErrors { () throws(DiskFailure) in
            let file = try sealed.create(SegmentName.manifest(segment.number).text)
            try file.writeAll([LocalManifest.encoded(manifest)], at: 0)
            try file.synchronize()
            steps.after(.manifestWritten)
            try sealed.synchronizeNames()
            steps.after(.sealedNamesKept)
            for part in segment.parts {
                // What stays is removed when the segment has been shipped; sealing again would miss what is gone.
                try? segment.home.open.remove(SegmentName.part(segment.number, part.part).text)
            }
        }
        steps.after(.partsRemoved)
        return (SealedSegment(home: segment.home, manifest: manifest), reading)
    }

    private func write(
        _ reading: inout SegmentReading,
        of segment: ClosedSegment,
        to file: any SegmentFile,
        level: Int32
    ) throws(MeteringError) -> SegmentManifest {
        var body = try SealedBody(file, level: level)
        var facts = LineFacts()
        while let lines = try reading.lines() {
            facts.add(lines.readableBytesUInt8Span)
            try body.add(lines)
        }
        let digest = try body.finish()
        return SegmentManifest(
            node: segment.home.node,
            number: segment.number,
            sha256: digest,
            bytes: body.bytes,
            lines: facts.lines,
            rawBytes: facts.bytes,
            received: facts.received,
            firstOccurredDay: facts.occurredDays.map { CalendarDay.text($0.lowerBound) },
            lastOccurredDay: facts.occurredDays.map { CalendarDay.text($0.upperBound) }
        )
    }
}

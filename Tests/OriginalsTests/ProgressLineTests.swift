import Originals
import Testing

struct ProgressLineTests {
    private func progress(files: Int, of filesTotal: Int, bytes: Int, of bytesTotal: Int) -> ImportProgress {
        var progress = ImportProgress()
        progress.filesDone = files
        progress.filesTotal = filesTotal
        progress.bytesDone = bytes
        progress.bytesTotal = bytesTotal
        return progress
    }

    @Test("the line shows a bar, files, rate and the time that is left")
    func line() {
        let line = ProgressLine(
            progress: progress(files: 120, of: 240, bytes: 31_000_000, of: 62_000_000),
            elapsed: .seconds(10)
        )
        #expect(line.text(width: 60) == "[########--------]   50%  120/240 files  3.1 MB/s  0:10 left")
        #expect(line.text(width: 30) == " 50%  120/240 files  3.1 MB/s")
        #expect(line.text(width: 10) == " 50%")
        #expect(line.text(width: 3) == " 50")
        #expect(line.text(width: 0) == "")
    }

    @Test("the beginning, the end and an empty import make sense")
    func ends() {
        let beginning = ProgressLine(progress: progress(files: 0, of: 9, bytes: 0, of: 900), elapsed: .zero)
        #expect(beginning.text(width: 40) == "[---------------------]    0%  0/9 files")
        let end = ProgressLine(progress: progress(files: 9, of: 9, bytes: 900, of: 900), elapsed: .seconds(1))
        #expect(end.text(width: 44) == "[################]  100%  9/9 files  900 B/s")
        let empty = ProgressLine(progress: ImportProgress(), elapsed: .zero)
        #expect(empty.text(width: 30).hasPrefix("[###########]  100%  0/0 files"))
    }

    @Test("no width is exceeded, whatever the numbers", arguments: 0...120)
    func bounded(_ width: Int) {
        var random = 1
        for _ in 0..<50 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let total = abs(random >> 20) % 5_000_000_000
            var some = progress(files: total % 1000, of: 1000, bytes: total / 2, of: total)
            some.failed = total % 3
            let line = ProgressLine(progress: some, elapsed: .milliseconds(total % 1_000_000))
            #expect(line.text(width: width).count <= width)
        }
    }

    @Test("more bytes or files than were counted do not break the line")
    func grown() {
        let line = ProgressLine(progress: progress(files: 12, of: 10, bytes: 2000, of: 1000), elapsed: .seconds(4000))
        #expect(line.text(width: 40).contains("100%  12/10 files"))
    }
}

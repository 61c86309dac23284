import Caching
import ServiceLifecycle
import Synchronization

extension SegmentStore: Service {
    /// Seals by age, ships, and answers requests, until the task is cancelled or the service group shuts down.
    ///
    /// Then it takes no more lines, seals, ships what it can in `settings.shutdownMax`, and closes; what is left stays
    /// on the disk for the next start. Called once.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await self.watch() }
                group.addTask { await self.keepSealing() }
                group.addTask { await self.keepShipping() }
            }
        }
        // In a task of its own, since this one may be cancelled; `run` waits for it here.
        await Task {
            await self.finish()
            await self.close()
        }.value
    }

    private func watch() async {
        var asked: [String: Int] = [:]
        while !Task.isCancelled {
            // Cancelled: then it ends with the condition above.
            try? await clock.sleep(for: settings.tick)
            await tick(&asked)
        }
    }

    /// Looks at the open segment's age, and at the requests; `asked` has how far each request wants things shipped.
    private func tick(_ asked: inout [String: Int]) async {
        let isOld = state.withLock { state in
            state.ticks += 1
            guard let since = state.openSince else { return false }
            return settings.tick * (state.ticks - since) >= settings.sealAfter
        }
        let folder = requests
        // A folder that cannot be read now is looked at again with the next tick.
        let read = try? await pool.blocking { () throws(MeteringError) in
            try meteringErrors { () throws(DiskFailure) in try folder.names() }
        }
        let names = read ?? []
        let added = names.filter { asked[$0] == nil }
        if isOld || !added.isEmpty { await rotate() }
        let order = state.withLock { $0.backlog.lastOrder }
        for name in added { asked[name] = order }
        if !added.isEmpty { sealBell.ring() }
        for (name, order) in asked where state.withLock({ $0.backlog.isShipped(through: order) }) {
            do throws(MeteringError) {
                try await pool.blocking { () throws(MeteringError) in
                    try meteringErrors { () throws(DiskFailure) in try folder.answer(name) }
                }
                asked[name] = nil
                steps.after(.requestAnswered)
            } catch {
                // It is answered by a later tick.
                continue
            }
        }
    }

    private func keepSealing() async {
        var pause = settings.pauseMin
        // What an earlier process has left waits already.
        sealBell.ring()
        while await sealBell.wait() {
            do throws(MeteringError) {
                try await sealAll()
                pause = settings.pauseMin
            } catch {
                sealBell.ring()
                await rest(&pause)
            }
            shipBell.ring()
        }
    }

    private func keepShipping() async {
        var pause = settings.pauseMin
        while await shipBell.wait() {
            do throws(MeteringError) {
                try await shipAll()
                pause = settings.pauseMin
            } catch {
                shipBell.ring()
                await rest(&pause)
            }
        }
    }

    private func rest(_ pause: inout Duration) async {
        // Cancelled: then the bell ends the loop.
        try? await clock.sleep(for: pause)
        pause = min(pause * 2, settings.pauseMax)
    }

    /// Seals and ships what was acknowledged, as long as shutting down may take.
    private func finish() async {
        state.withLock { $0.isClosed = true }
        await withTaskGroup { group in
            group.addTask {
                // What cannot be shipped now stays on the disk.
                try? await self.sealAndShip()
            }
            group.addTask {
                // Cancelled when shipping was faster.
                try? await self.clock.sleep(for: self.settings.shutdownMax)
            }
            await group.next()
            group.cancelAll()
        }
    }
}

import ArgumentParser

/// `vitrine usage …`: counts what was used, and looks at the counts.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Count every use exactly, and look at counts and payouts.",
        subcommands: [
            UsageRunCommand.self, UsageStatusCommand.self, UsageDailyCommand.self, UsageExplainCommand.self,
            UsagePayoutsCommand.self, UsageAdjustmentsCommand.self, UsageCloseCommand.self, UsageQuarantineCommand.self,
            UsageDeliveriesCommand.self, UsageExposuresCommand.self, UsageReconcileCommand.self,
        ]
    )
}

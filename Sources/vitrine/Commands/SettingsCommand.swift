import ArgumentParser

/// `vitrine settings …`: publishes settings and experiments and looks at what is published.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Publish the settings of apps, roll back, and look at what is published.",
        subcommands: [
            SettingsPublishCommand.self, SettingsValidateCommand.self, SettingsRollbackCommand.self,
            SettingsLogCommand.self, SettingsDiffCommand.self, SettingsKeysCommand.self, SettingsSweepCommand.self,
            SettingsEvaluateCommand.self, SettingsConformanceCommand.self,
        ]
    )
}

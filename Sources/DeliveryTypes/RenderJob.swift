/// One piece of work for a render worker, without the bytes: they travel beside it, the picture first, then one
/// source for every entry of `layerSources`; for a comparison the two pictures.
package struct RenderJob: Hashable, Sendable, Codable {
    package enum Task: Hashable, Sendable, Codable {
        /// Make a rendition.
        case rendition(Transformation, RenditionTarget)
        /// Read the header only: format, size, orientation, frames.
        case inspect
        /// Header plus what needs pixels.
        case information(InformationRequest)
        /// How alike two pictures look: the first source is compared with the second, frame one of each.
        case similarity
    }

    package var task: Task
    package var limits: RenderLimits
    package var defaults: RenderDefaults

    package init(task: Task, limits: RenderLimits = RenderLimits(), defaults: RenderDefaults = RenderDefaults()) {
        self.task = task
        self.limits = limits
        self.defaults = defaults
    }
}

import PawlEngine
import PawlHost

/// Looks up in the kernel tree why an option did not stick.
enum KernelOptionReason {
  static func explain(_ option: DroppedOption) -> String? {
    let config = KernelConfig(bytes: option.config)
    guard let explainer = KconfigExplainer.load(tree: option.source, config: config).value else {
      return nil
    }
    let explanation = explainer.explain(option.symbol, asked: option.asked)
    return ([explanation.sentence + "."] + explanation.further.map { $0 + "." })
      .joined(separator: " ")
  }
}

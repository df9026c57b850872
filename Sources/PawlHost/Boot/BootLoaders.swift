import PawlModel

/// The boot loaders that Pawl can steer, in the order in which they are asked for.
public enum BootLoaders {
  /// The one that starts the system below `root`; nil where none of them is recognised.
  public static func detect(root: HostRoot, files: any HostFiles) -> (any BootLoader)? {
    if root.exists(GrubLoader.menuPath) { return GrubLoader(root: root, files: files) }
    return nil
  }
}

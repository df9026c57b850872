/// What Pawl knows of a host and gives to recipes as `{{name}}`. A name that is neither here nor
/// a parameter is an error of the linter.
public struct FactName: Sendable, Hashable {
  public var name: String
  /// A list stands for whole arguments only, as many as it holds.
  public var isList: Bool
  public var meaning: String

  /// Known to every plan, given by the planner itself.
  public static let general: [FactName] = [
    FactName("root", "the folder that the plan acts below; / on the live system"),
    FactName("live", "yes where the root is /, else no"),
    FactName("host", "the host's name"),
    FactName("running_release", "uname -r"),
    FactName("release", "the release that the plan installs, else the running one"),
  ]

  /// Given by the host, each where it can be known; used by the shipped recipes.
  public static let ofHost: [FactName] = [
    FactName("pawl", "the path of this program"),
    FactName("jobs", "how many compilers may run at once"),
    FactName("work", "a folder of the build user for source, build and staging"),
    FactName(
      "module_loaded",
      "yes where the parameter `module` is in the running kernel when the plan is made, else no"),
    FactName(
      "boot_modules",
      "what loads the parameter `module` at boot: modules-load.d, etc-modules, or none where nothing is to"
    ),
    FactName("boot_modules_file", "the file that names it then, or nothing"),
    FactName("module_state", "of the parameter `module`: loadable, built-in or missing"),
    FactName("early_modprobe", "what modprobe is to know of a module that comes first"),
    FactName("early_modprobe_file", "the file in modprobe.d that says so"),
    FactName("early_rivals", "the drivers that would take the parameter `devices` otherwise"),
    FactName("early_image", "where an initramfs lies in which it comes first, to be tried"),
    FactName("early_initramfs", "the initramfs of the running kernel"),
    FactName("early_kind", "line or file: what has every initramfs load it first"),
    FactName("early_file", "the file that says so"),
    FactName("early_text", "what is in it, where it is a file of its own"),
    FactName("early_feature", "a feature of mkinitfs for it, without its endings; empty elsewhere"),
    FactName("early_feature_modules", "what the feature has of modules"),
    FactName("early_feature_files", "what it has of other files"),
    FactName("early_feature_file", "where the feature is asked for"),
    FactName("early_feature_line", "by which line"),
    FactName("dkms_version", "the newest version of the parameter `module` that DKMS has"),
    FactName("dkms_registered", "yes where DKMS has that version, no where it is to be registered"),
    FactName("dkms_previous", "the version that the kernel has now, or nothing"),
    FactName("dkms_folder", "where DKMS keeps what it builds of it for the kernel"),
    FactName("missing_headers", "the package with the kernel's headers where they are not there"),
    FactName("mok_wanted", "yes where the firmware has to know the key that DKMS signs with"),
    FactName("installed_release", "the newest kernel that has modules below the root, or nothing"),
    FactName(
      "running_config", "the file with the configuration of the installed kernel, packed or not"),
    FactName(
      "config_module", "the module in which the running kernel keeps its configuration; else empty"),
    FactName("config_packed", "yes where the configuration to begin with is packed, else no"),
    FactName("default_source", "the installed kernel source, or nothing"),
    FactName("kernel_version", "the version of the source, without a local part"),
    FactName("free_localversion", "-pawl and the first number whose release is not installed"),
    FactName("kernel_image", "the image that a build makes, below its folder"),
    FactName("kernel_target", "the target of make that makes it"),
    FactName("build_timestamp", "the time that a build is stamped with"),
    FactName("modules_folder", "the folder of modules below the root, links resolved"),
    FactName(
      "initramfs_prefix",
      "what stands before the release in the name of a kernel's initramfs, initrd.img- say"),
    FactName("initramfs_suffix", "what stands behind it, .img or nothing"),
    FactName("initramfs_maker", "in words what makes it"),
    FactName("package_format", "deb, rpm or pacman: what this distribution installs"),
    FactName(
      "package_target", "the kernel's target of make for packages of the parameter `format`"),
    FactName("makepkg_options", "what makepkg is told besides, or nothing"),
    FactName(
      "dkms_carried",
      "the modules that the running kernel has from DKMS and the new one is to have, or nothing"),
    FactName("kernel_headers", "whether what building a module needs is installed, yes or no"),
    FactName(
      "boot_plan",
      "trial: a new kernel is started once first; menu: it only gets into the menu; none: nothing is "
        + "done about the boot loader"),
    FactName("fallback_folder", "where a copy of the running kernel is kept as the way back"),
    FactName("qemu", "the emulator that can start a kernel of this host's kind, or nothing"),
    FactName(
      "fallback_package",
      "the package of the running kernel where a trial should keep it; nothing where it is held already"
    ),
    FactName(
      "fallback_proven", "yes where the kernel on disk is the one that this boot began with"),
    FactName("fallback_doubt", "in words what speaks against that, or nothing"),
    FactName(
      "return_forecast",
      "which failures of a new kernel end by themselves, and which need a power cycle"),
    FactName("stage_release", "the release of the kernel in the folder of the parameter `stage`"),
    FactName("windows_home", "the folder of Windows' user, as Linux sees it"),
    FactName("windows_folder", "where the kernels of Pawl lie for WSL, as Windows names it"),
    FactName("windows_folder_here", "the same as Linux sees it"),
    FactName("wsl_settings", "the .wslconfig of Windows' user, as Linux sees it"),
    FactName("wsl_settings_exist", "yes where there is one, else no"),
    FactName("wsl_source", "the source of the running kernel of WSL"),
    FactName(
      "wsl_localversion", "like free_localversion, behind what Microsoft's kernels are called"),
    FactName("wsl_restart", "yes where the plan ends with a trial of the new kernel, else no"),
    FactName("wsl_return_script", "what gives WSL its kernel back, from Windows"),
    FactName("trial_token", "a random word: marks the one boot of a kernel on trial"),
    FactName("missing_dependencies", "packages that a build needs and the host has not"),
    FactName(list: "dependency_install", "the command that installs them"),
    FactName(list: "dependency_check", "the command that answers 0 where all are there"),
    FactName(list: "headers_install", "the command that installs the kernel's headers"),
    FactName(list: "dkms_carried_modules", "the same as arguments of pawl internal dkms-carry"),
    FactName(list: "dkms_built_files", "what DKMS makes below its own folder"),
    FactName(list: "dkms_installed_files", "modules that DKMS installs, or moves away"),
    FactName(list: "dkms_listings", "the lists of modules that depmod makes anew"),
    FactName(list: "boot_loader_files", "files that the boot loader's menu is made of"),
    FactName(list: "source_files", "the file that the source is unpacked from, where it is one"),
  ]

  public static let all = general + ofHost

  private init(_ name: String, _ meaning: String) {
    self.init(name: name, isList: false, meaning: meaning)
  }

  private init(list name: String, _ meaning: String) {
    self.init(name: name, isList: true, meaning: meaning)
  }

  public init(name: String, isList: Bool, meaning: String) {
    self.name = name
    self.isList = isList
    self.meaning = meaning
  }
}

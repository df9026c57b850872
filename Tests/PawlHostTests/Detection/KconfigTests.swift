import Testing

@testable import PawlHost

@Suite("Kconfig expressions")
struct KconfigExpressionTests {
  static let config = KernelConfig(
    text: """
      CONFIG_MODULES=y
      CONFIG_A=y
      CONFIG_B=m
      # CONFIG_C is not set
      CONFIG_NUMBER=12
      CONFIG_TEXT="x86"
      """)

  @Test(
    "three-valued logic as the kernel has it",
    arguments: [
      ("A", .y), ("B", .m), ("C", .n), ("UNKNOWN", .n), ("!A", .n), ("!B", .m), ("!C", .y),
      ("A && B", .m), ("B && C", .n), ("C || B", .m), ("A || C", .y), ("B=m", .y), ("B!=n", .y),
      ("A = y && (C || B)", .m), ("NUMBER >= 9", .y), ("NUMBER<9", .n), ("TEXT = \"x86\"", .y),
      ("!(A && B) || C", .m), ("C=n", .y), ("m && A", .m), ("$(cc-option,-fx (y)) && C", .n),
      ("$(cc-option,-fx) && A", nil), ("A || $(success,true)", .y), ("A if C", .y), ("C if A", .n),
      ("A <= y", .y), ("UNKNOWN=UNDEFINED", .y), ("B # comment", .m),
    ] as [(String, Tristate?)])
  func logic(text: String, worth: Tristate?) throws {
    let expression = try #require(KconfigExpression.parse(text))
    #expect(expression.evaluate(Self.config) == worth)
  }

  @Test("what is no expression is refused", arguments: ["", "A &&", "(A", "A B", "&& A", "A = "])
  func malformed(text: String) { #expect(KconfigExpression.parse(text) == nil) }

  @Test("a prompt and its condition come apart, quotes respected")
  func split() {
    let prompt = KconfigExpression.splitCondition("\"Do it if you can\" if EXPERT && (A || B)")
    #expect(prompt.head == "\"Do it if you can\"")
    #expect(prompt.condition == "EXPERT && (A || B)")
    #expect(KconfigExpression.splitCondition("\"an if\"").condition == nil)
  }
}

@Suite("Why a symbol did not get its value")
struct KconfigExplainerTests {
  /// A tree with the shapes that occur in the kernel's own.
  private func tree() throws -> FakeHost {
    try FakeHost()
      .write(
        "/Kconfig",
        """
        mainmenu "Tiny"
        source "scripts/Kconfig.include"
        source "arch/$(SRCARCH)/Kconfig"
        source "drivers/Kconfig"
        """
      )
      .write("/scripts/Kconfig.include", "cc-option = $(success,true)\n")
      .write("/arch/x86/Kconfig", "config X86\n\tdef_bool y\n")
      .write("/arch/arm64/Kconfig", "config ARM64_ONLY\n\tbool \"Only there\"\n")
      .write(
        "/drivers/Kconfig",
        """
        config PCI
        \tbool "PCI"
        \thelp
        \t  config NOT_A_SYMBOL stands in a help text.

        \t  depends on nothing

        config EXPERT
        \tbool "Experts only"

        config IOMMU_API
        \tbool

        menuconfig VFIO
        \ttristate "VFIO"
        \tdepends on IOMMU_API
        \tselect HELPER if PCI

        config BOTH
        \tdef_tristate VFIO
        \tselect IOMMU_API

        config HELPER
        \ttristate "A helper"

        if VFIO
        menu "Buses"
        \tdepends on PCI
        config VFIO_PCI
        \ttristate "VFIO for PCI"
        \tdepends on MMU && \\
        \t\t(EXPERT || HELPER)
        endmenu
        endif

        config HIDDEN
        \tbool "Hidden" if EXPERT
        \tdefault y

        choice
        \tprompt "One of two"
        config FIRST
        \tbool "First"
        config SECOND
        \tbool "Second"
        endchoice

        config LIMITED
        \tint "Limited"
        \trange 1 10

        config MMU
        \tdef_bool y
        config ONOFF
        \tbool "On or off"
        config COMPILER
        \tbool "Compiler"
        \tdepends on $(cc-option,-fnice)
        """)
  }

  private func explain(
    _ symbol: String, _ asked: String, config: String
  ) throws -> KconfigExplanation {
    let text = "CONFIG_X86=y\nCONFIG_MODULES=y\nCONFIG_MMU=y\n" + config
    let explainer = try #require(
      KconfigExplainer.load(tree: try tree().path, config: KernelConfig(text: text)).value)
    #expect(explainer.tree.unread.isEmpty)
    return explainer.explain(symbol, asked: asked)
  }

  @Test("an unmet dependency is named, and why it is unmet, one level down")
  func dropped() throws {
    let why = try explain("VFIO_PCI", "m", config: "CONFIG_PCI=y\nCONFIG_EXPERT=y\n")
    #expect(why.cause == .dropped)
    #expect(why.sentence == "VFIO_PCI=m asked, n got: depends on VFIO (=n)")
    #expect(why.inTheWay == ["VFIO"])
    #expect(why.further == ["VFIO depends on IOMMU_API (=n)"])
  }

  @Test("conditions of menus and of `or` are named with their values")
  func several() throws {
    let why = try explain("CONFIG_VFIO_PCI", "y", config: "CONFIG_VFIO=y\nCONFIG_IOMMU_API=y\n")
    #expect(
      why.sentence
        == "VFIO_PCI=y asked, n got: depends on EXPERT || HELPER (EXPERT=n, HELPER=n) "
        + "and PCI (=n)")
  }

  @Test("y that became m is capped by the dependency that is m")
  func capped() throws {
    let why = try explain(
      "VFIO_PCI", "y",
      config: "CONFIG_PCI=y\nCONFIG_EXPERT=y\nCONFIG_VFIO=m\nCONFIG_VFIO_PCI=m\n")
    #expect(why.cause == .capped)
    #expect(why.sentence == "VFIO_PCI=y asked, m got: depends on VFIO (=m)")
  }

  @Test("n that became y is forced by who selects it")
  func forced() throws {
    let why = try explain(
      "HELPER", "n", config: "CONFIG_PCI=y\nCONFIG_VFIO=m\nCONFIG_HELPER=m\n")
    #expect(why.cause == .forced)
    #expect(why.sentence == "HELPER=n asked, m got: selected by VFIO (=m)")
  }

  @Test("a select whose own condition does not hold forces nothing")
  func idleSelect() throws {
    let why = try explain("HELPER", "n", config: "CONFIG_VFIO=m\nCONFIG_HELPER=m\n")
    #expect(why.cause == .valueDiffers)
  }

  @Test("a symbol without a prompt cannot be set by hand")
  func noPrompt() throws {
    let why = try explain("IOMMU_API", "y", config: "")
    #expect(why.cause == .noPrompt)
    #expect(
      why.sentence
        == "IOMMU_API=y asked, n got: cannot be set by hand: it has no prompt, it is selected by "
        + "BOTH (=n)")
  }

  @Test("a hidden prompt is told from an unmet dependency")
  func hiddenPrompt() throws {
    let why = try explain("HIDDEN", "n", config: "CONFIG_HIDDEN=y\n")
    #expect(why.cause == .noPrompt)
    #expect(why.sentence.hasSuffix("the prompt needs EXPERT (=n)"))
  }

  @Test("an unknown symbol gets near names")
  func unknown() throws {
    let why = try explain("VFIO_PCIE", "y", config: "")
    #expect(why.cause == .unknownSymbol)
    #expect(
      why.sentence
        == "VFIO_PCIE=y asked, n got: this tree has no such symbol; near names: VFIO_PCI")
    #expect(try explain("NOT_A_SYMBOL", "y", config: "").cause == .unknownSymbol)
  }

  @Test("a symbol of another architecture is recognised")
  func otherArchitecture() throws {
    let why = try explain("ARM64_ONLY", "y", config: "")
    #expect(why.cause == .otherArchitecture)
    #expect(why.sentence.hasSuffix("this kernel is for x86, and only arm64 has it"))
  }

  @Test("one option of a choice excludes the others")
  func choice() throws {
    let why = try explain("SECOND", "y", config: "CONFIG_FIRST=y\n")
    #expect(why.cause == .choice)
    #expect(why.inTheWay == ["FIRST"])
  }

  @Test("a value out of range, a bool asked as module, a compiler's answer")
  func others() throws {
    #expect(
      try explain("LIMITED", "50", config: "CONFIG_LIMITED=10\n").sentence
        == "LIMITED=50 asked, 10 got: its range is 1 10")
    #expect(try explain("ONOFF", "m", config: "CONFIG_ONOFF=y\n").cause == .notModular)
    #expect(
      try explain("COMPILER", "y", config: "").sentence.contains("$(cc-option,-fnice)"))
  }

  @Test("a wish that was met needs no explanation")
  func asAsked() throws {
    #expect(try explain("ONOFF", "y", config: "CONFIG_ONOFF=y\n").cause == .asAsked)
    #expect(try explain("NOSUCH", "n", config: "").cause == .asAsked)
    #expect(try explain("LIMITED", "\"7\"", config: "CONFIG_LIMITED=7\n").cause == .asAsked)
  }

  @Test("a folder without Kconfig is absent, not an empty tree")
  func noTree() throws {
    let tree = KconfigTree.load(path: try FakeHost().path, architecture: "x86")
    #expect(tree.reason == "not there")
  }

  @Test(
    "a real tree explains VFIO_PCI",
    .enabled(if: KernelTree.path != nil && SharedData.isHere, "\(KernelTree.missing)"))
  func realTree() throws {
    let path = try #require(KernelTree.path)
    let text = SharedData.text("debian/6.1.0-50-cloud-amd64/config.gz").split(separator: "\n")
      .filter { !$0.contains("VFIO") }.joined(separator: "\n")
    let explainer = try #require(
      KconfigExplainer.load(tree: path, config: KernelConfig(text: text)).value)
    #expect(explainer.tree.symbols.count > 12_000)
    #expect(explainer.tree.unread.isEmpty)
    #expect(
      explainer.explain("VFIO_PCI", asked: "m").sentence
        == "VFIO_PCI=m asked, n got: depends on VFIO (=n)")
  }
}

@Suite("Which symbol builds a module")
struct SymbolOfModuleTests {
  @Test(
    "the table knows the usual modules",
    arguments: [
      ("vfio-pci", "VFIO_PCI"), ("br_netfilter", "BRIDGE_NETFILTER"), ("overlay", "OVERLAY_FS"),
      ("xt_REDIRECT", "NETFILTER_XT_TARGET_REDIRECT"), ("loop", "BLK_DEV_LOOP"),
      ("nvme", "BLK_DEV_NVME"), ("fuse", "FUSE_FS"), ("iptable_nat", "IP_NF_NAT"),
      ("ip_tables", "IP_NF_IPTABLES"), ("nfs", "NFS_FS"), ("ext4", "EXT4_FS"),
    ])
  func table(module: String, symbol: String) {
    #expect(
      SymbolOfModule.find(module, release: "6.1.0-50-amd64")
        == SymbolOfModule(symbol: symbol, source: .table))
  }

  @Test("a row of the table does not hold before its version")
  func versions() {
    #expect(SymbolOfModule.find("wireguard", release: "5.4.0-26-generic") == nil)
    #expect(SymbolOfModule.find("wireguard", release: "5.15.0")?.symbol == "WIREGUARD")
  }

  @Test("an upper-cased name is a guess, and only where the configuration has it")
  func guess() {
    let config = KernelConfig(text: "CONFIG_ODD=m\n")
    #expect(
      SymbolOfModule.find("odd", config: config) == SymbolOfModule(symbol: "ODD", source: .guess))
    #expect(SymbolOfModule.find("even", config: config) == nil)
    #expect(SymbolOfModule.find("odd") == nil)
  }

  @Test("Kbuild files decide by path, through continued lines, subst and obj-y")
  func kbuild() throws {
    let tree = try FakeHost()
      .write(
        "/fs/overlayfs/Makefile", "obj-$(CONFIG_OVERLAY_FS) += overlay.o\noverlay-objs := a.o\n"
      )
      .write("/drivers/of/Makefile", "obj-$(CONFIG_OF_OVERLAY) += overlay.o\n")
      .write(
        "/net/Makefile", "obj-$(CONFIG_NETX) += first.o \\\n\tsecond.o\nobj-$(CONFIG_SUB) += sub/\n"
      )
      .write("/net/sub/Kbuild", "obj-y += third.o\nobj-$(subst y,$(CONFIG_P),$(CONFIG_Q)) += q.o\n")
    var kbuild = KbuildSymbols(tree: tree.path)
    #expect(kbuild.symbol(ofModule: "kernel/fs/overlayfs/overlay.ko.xz") == "OVERLAY_FS")
    #expect(kbuild.symbol(ofModule: "drivers/of/overlay") == "OF_OVERLAY")
    #expect(kbuild.symbol(ofModule: "kernel/net/second.ko") == "NETX")
    #expect(kbuild.symbol(ofModule: "kernel/net/sub/third.ko") == "SUB")
    #expect(kbuild.symbol(ofModule: "kernel/net/sub/q.ko") == "Q")
    #expect(kbuild.symbol(ofModule: "kernel/net/none.ko") == nil)
  }

  @Test(
    "every module of a real kernel gets the symbol of the golden map",
    .enabled(if: KernelTree.path != nil && SharedData.isHere, "\(KernelTree.missing)"))
  func golden() throws {
    var kbuild = KbuildSymbols(tree: try #require(KernelTree.path))
    var right = 0
    var wrong: [String] = []
    let map = SharedData.text("debian/6.1.0-50-cloud-amd64/module-config-map.tsv.gz")
    for line in map.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count > 3 else { continue }
      let symbol = kbuild.symbol(ofModule: fields[0]) ?? "-"
      let known = fields[3].split { $0 == "," || $0 == " " || $0 == "|" }.map(String.init)
      if known.contains(symbol) {
        right += 1
      } else {
        wrong.append("\(fields[0]) \(symbol) \(fields[3])")
      }
    }
    #expect(Double(right) / Double(right + wrong.count) >= 0.99, "\(wrong)")
  }
}

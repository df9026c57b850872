import PawlModel
import Testing

@testable import PawlRecipes

@Suite struct RiskFloorTests {
  @Test(
    "No step is planned below the least risk of what it does",
    arguments: [
      ("command: [modprobe, x]", Risk.low),
      ("write_file: {path: /etc/modules-load.d/x.conf, content: a}", .low),
      ("write_file: {path: /etc/modprobe.d/x.conf, content: a}", .medium),
      ("write_file: {path: /etc/default/grub, content: a}", .medium),
      ("append_line: {path: /boot/grub/custom.cfg, line: a}", .medium),
      ("command: [dkms, status]", .medium),
      ("command: [dkms, install, a/1]\n    backup: [/lib/modules/x/updates/a.ko]", .medium),
      ("command: [/usr/sbin/update-grub]\n    backup: [/boot/grub/grub.cfg]", .medium),
      ("command: [nice, -n, \"5\", update-initramfs, -u]\n    backup: [/boot/initrd.img]", .medium),
      ("command: [\"{{pawl}}\", internal, boot-menu, --root, /]", .medium),
      ("restart_required: wsl\n    restart_message: m", .medium),
      ("kernel_config: {tree: /s, build: /b, set: {A: y}}", .high),
      ("write_file: {path: /w/build/.config, content: a}", .high),
      ("copy_file: {from: /usr/src/linux-source-6.1.tar.xz, to: /w/.config}", .low),
      ("build: {directory: /b, argv: [make]}", .high),
      ("command: [make, -j8]", .high),
      ("command: [make, modules_install, INSTALL_MOD_PATH=/tmp/s]", .low),
      ("copy_tree: {from: /s, to: /lib/modules/6.1}", .high),
      ("copy_tree: {from: /s, to: \"{{modules_folder}}/6.1\"}", .high),
      ("copy_tree: {from: /s, to: /boot}", .high),
      ("copy_file: {from: /usr/src/linux-source-6.1.tar.xz, to: /boot/vmlinuz-6.1}", .high),
      ("command: [kernel-install, add, a, b]\n    backup: [/boot/vmlinuz]", .high),
      ("command: [\"{{tool}}\"]\n    backup: [/x]", .medium),
      ("command: [true]", .low),
    ])
  func raises(_ action: String, _ least: Risk) throws {
    let yaml = withSteps(
      "  - id: s\n    label: x\n    risk: low\n    \(action)\n",
      parameters: "{tool: {default: update-grub}}")
    let plan = try RecipePlanner.plan(recipe: recipe(yaml), settings: [:], facts: hostFacts())
    #expect(plan.steps.first?.risk == least)

    var facts = hostFacts()
    facts.raisedRisks = ["s": .medium]
    let raised = try RecipePlanner.plan(recipe: recipe(yaml), settings: [:], facts: facts)
    #expect(raised.steps.first?.risk == max(least, .medium))

    let tagged = yaml.replacing("risk: low", with: "risk: high")
    let high = try RecipePlanner.plan(recipe: recipe(tagged), settings: [:], facts: hostFacts())
    #expect(high.steps.first?.risk == .high)
  }
}

import PawlHost
import PawlModel
import Testing

@Suite("What GRUB starts is told as GRUB itself would")
struct GrubMenuTests {
  /// As grub-mkconfig of Debian 12 writes it, shortened.
  static func menu(default choice: String = "0", extra: String = "") -> String {
    """
    if [ -s $prefix/grubenv ]; then
      set have_grubenv=true
      load_env
    fi
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       set next_entry=
       save_env next_entry
       set boot_once=true
    else
       set default="\(choice)"
    fi
    if [ x"${feature_menuentry_id}" = xy ]; then
      menuentry_id_option="--id"
    else
      menuentry_id_option=""
    fi
    export menuentry_id_option
    function savedefault {
      if [ -z "${boot_once}" ]; then
        saved_entry="${chosen}"
        save_env saved_entry
      fi
    }
    menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-U' {
    	load_video
    	if [ x$grub_platform = xxen ]; then insmod xzio; fi
    	search --no-floppy --fs-uuid --set=root U
    	echo	'Loading Linux 6.1.0-28 ...'
    	linux	/boot/vmlinuz-6.1.0-28 root=UUID=U ro  quiet
    	initrd	/boot/initrd.img-6.1.0-28
    }
    submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-U' {
    	menuentry 'Debian, with Linux 6.1.0-28' $menuentry_id_option 'gnulinux-6.1.0-28-advanced-U' {
    		linux	/boot/vmlinuz-6.1.0-28 root=UUID=U ro  quiet
    		initrd	/boot/initrd.img-6.1.0-28
    	}
    	menuentry 'Debian, with Linux 6.1.0-27' --id=gnulinux-6.1.0-27-advanced-U {
    		linux	/boot/vmlinuz-6.1.0-27 root=UUID=U ro  quiet
    		initrd	/boot/initrd.img-6.1.0-27 /boot/more.img
    	}
    }
    \(extra)
    """
  }

  private let old = "gnulinux-advanced-U>gnulinux-6.1.0-27-advanced-U"

  @Test("entries come with image, command line and every initrd, those of submenus by their path")
  func readsEntries() throws {
    let menu = GrubMenu(Self.menu())
    #expect(
      menu.entries.map(\.id) == [
        "gnulinux-simple-U", "gnulinux-advanced-U>gnulinux-6.1.0-28-advanced-U", old,
      ])
    let last = try #require(menu.entries.last)
    #expect(last.image == "/boot/vmlinuz-6.1.0-27")
    #expect(last.commandLine == "root=UUID=U ro quiet")
    #expect(last.initrds == ["/boot/initrd.img-6.1.0-27", "/boot/more.img"])
  }

  @Test("the default is found by number, id, path and title")
  func findsDefault() {
    let chosen = { (choice: String) in GrubMenu(Self.menu(default: choice)).chosen?.image }
    #expect(chosen("0") == "/boot/vmlinuz-6.1.0-28")
    #expect(chosen(old) == "/boot/vmlinuz-6.1.0-27")
    #expect(chosen("1>1") == "/boot/vmlinuz-6.1.0-27")
    #expect(
      chosen("Advanced options for Debian GNU/Linux>Debian, with Linux 6.1.0-27")
        == "/boot/vmlinuz-6.1.0-27")
  }

  @Test("an id that is gone is entry 0, in a submenu entry 0 of that: never nothing")
  func fallsToZero() {
    let chosen = { (choice: String) in GrubMenu(Self.menu(default: choice)).chosen?.id }
    #expect(chosen("gnulinux-removed") == "gnulinux-simple-U")
    #expect(
      chosen("gnulinux-advanced-U>removed") == "gnulinux-advanced-U>gnulinux-6.1.0-28-advanced-U")
    #expect(
      chosen("gnulinux-advanced-U") == "gnulinux-advanced-U>gnulinux-6.1.0-28-advanced-U")
    #expect(chosen("7") == "gnulinux-simple-U")
  }

  @Test("saved_entry counts where the menu asks for it, and next_entry before everything")
  func readsEnvironment() {
    let saved = Self.menu(default: "${saved_entry}")
    #expect(GrubMenu(saved, environment: ["saved_entry": old]).chosen?.id == old)
    #expect(GrubMenu(saved).chosen?.id == "gnulinux-simple-U")
    let armed = ["saved_entry": "0", "next_entry": old]
    #expect(GrubMenu(saved, environment: armed).chosen?.id == old)
  }

  @Test("a later script that sets another default has the last word")
  func laterScriptWins() {
    let override = "set default=\"\(old)\""
    #expect(GrubMenu(Self.menu(extra: override)).chosen?.id == old)
    let line = "if [ \"${boot_once}\" != \"true\" ]; then set default=\"\(old)\"; fi"
    let block = """
      if [ "${boot_once}" != "true" ]; then
        set default="\(old)"
      fi
      """
    #expect(GrubMenu(Self.menu(extra: block)).chosen?.id == old)
    let armed = ["next_entry": "0"]
    for pin in [line, block] {
      #expect(GrubMenu(Self.menu(extra: pin)).chosen?.id == old)
      #expect(
        GrubMenu(Self.menu(extra: pin), environment: armed).chosen?.id == "gnulinux-simple-U")
    }
  }

  @Test("a torn menu has only what is whole in it, and an empty one starts nothing")
  func readsTornMenus() {
    let whole = Self.menu()
    for length in stride(from: 0, to: whole.count, by: 7) {
      let menu = GrubMenu(String(whole.prefix(length)))
      _ = menu.chosen
      #expect(menu.entries.count <= 3)
    }
    #expect(GrubMenu("").chosen == nil)
  }
}

@Suite("GRUB's environment block is written to only where GRUB could")
struct GrubEnvironmentTests {
  private func block(_ text: String, size: Int = 1024) -> [UInt8] {
    let bytes = Array(("# GRUB Environment Block\n" + text).utf8)
    return bytes + [UInt8](repeating: UInt8(ascii: "#"), count: max(0, size - bytes.count))
  }

  @Test("values are read, with what is escaped in them")
  func readsValues() throws {
    let found = try GrubEnvironment(
      block("# WARNING: Do not edit\nsaved_entry=a>b\nnext_entry=x\\\\y\nempty=\n"))
    #expect(found.values == ["saved_entry": "a>b", "next_entry": "x\\y", "empty": ""])
  }

  @Test("a block of another size, or without its first line, is refused in words")
  func refusesDamage() {
    for bytes in [block("", size: 1023), [], [UInt8](repeating: 0, count: 1024)] {
      #expect(throws: PawlError.self) { try GrubEnvironment(bytes) }
    }
  }
}

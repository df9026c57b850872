"""What a plain boot of this machine starts, what one boot starts, and what lies about of a kernel:
told as JSON. Read from the files themselves, with no help from Pawl or the loader's tools.

usage: menu.py LOADER RELEASE
"""

import glob
import json
import os
import re
import struct
import sys

VARIABLE = "/sys/firmware/efi/efivars/{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
ESP = "/boot/efi"


def text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def kernel(image):
    """The release of an image, or `fallback` where it is Pawl's copy."""
    if "pawl/fallback" in image:
        return "fallback"
    found = re.search(r"vmlinuz-(\S+)", image) or re.search(r"([^/]+)/linux$", image)
    return found.group(1) if found else image


class Grub:
    def __init__(self):
        lines = text("/boot/grub/grubenv").split("\n")
        self.environment = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
        self.menu = text("/boot/grub/grub.cfg")
        self.entries = []  # (id, title, kernel)
        self.top = []  # ids in the outermost menu
        identity = title = None
        for line in self.menu.split("\n"):
            if found := re.match(r"(\s*)(menuentry|submenu) ['\"]([^'\"]*)['\"](.*)", line):
                title = found.group(3)
                named = re.search(r"\$menuentry_id_option ['\"]([^'\"]+)|--id[= ]['\"]?([^'\" {]+)", found.group(4))
                identity = next(filter(None, named.groups())) if named else title
                if not found.group(1):
                    self.top.append(identity)
            elif found := re.match(r"\s*linux\S*\s+(\S+)", line):
                self.entries.append((identity, title, kernel(found.group(1))))

    def default(self):
        """The last that sets it has its way, as long as no one-shot is set."""
        values = [value for value in re.findall(r'^\s*set default=["\']?([^"\'\n]*)', self.menu, re.M)
                  if "next_entry" not in value]
        value = values[-1] if values else "0"
        value = re.sub(r"\$\{?(\w+)\}?", lambda found: self.environment.get(found.group(1), ""), value)
        if value.isdigit() or not value:
            value = self.top[int(value or 0)]
        return self.kernel_of(value.split(">")[-1])

    def kernel_of(self, wanted):
        return next((found for identity, title, found in self.entries if wanted in (identity, title)), wanted)

    def one_shot(self):
        return self.environment.get("next_entry") or None

    def own(self):
        return [identity for identity, _, _ in self.entries if identity.startswith("pawl-")]


class SystemdBoot:
    def variable(self, name):
        try:
            with open(VARIABLE.format(name), "rb") as file:
                return file.read()[4:].decode("utf-16-le").rstrip("\0")
        except FileNotFoundError:
            return None

    def default(self):
        chosen = self.variable("LoaderEntryDefault")
        names = sorted(os.listdir(f"{ESP}/loader/entries"), key=self.version)
        if not chosen:
            # Neither variable nor loader.conf choose: the newest.
            chosen = [name for name in names if not name.startswith("pawl-")][-1]
        found = re.search(r"^linux\s+(\S+)", text(f"{ESP}/loader/entries/{chosen}"), re.M)
        return kernel(found.group(1))

    @staticmethod
    def version(name):
        return [int(part) for part in re.findall(r"\d+", name.split("-", 1)[-1])]

    def one_shot(self):
        return self.variable("LoaderEntryOneShot")

    def own(self):
        return sorted(name.removesuffix(".conf") for name in os.listdir(f"{ESP}/loader/entries")
                      if name.startswith("pawl-"))


class Extlinux:
    def __init__(self):
        self.menu = text("/boot/extlinux/extlinux.conf")
        self.entries = {}
        self.marked = label = None
        for line in self.menu.split("\n"):
            word, _, rest = line.strip().partition(" ")
            if word.lower() == "label":
                label = rest.strip()
            elif line.strip().lower() == "menu default":
                self.marked = label
            elif word.lower() in ("kernel", "linux") and label:
                self.entries[label] = kernel(rest.strip())

    def default(self):
        """The last that chooses; a program for a menu starts the entry that is marked in it."""
        label = re.findall(r"^\s*default\s+(\S+)", self.menu, re.M | re.I)[-1]
        if label.endswith(".c32"):
            label = self.marked
        return self.entries.get(label, label)

    def one_shot(self):
        """The auxiliary data vector: two copies at the end of ldlinux.sys."""
        with open("/boot/extlinux/ldlinux.sys", "rb") as file:
            vector = file.read()[-1024:][:512]
        if len(vector) < 512 or struct.unpack_from("<I", vector)[0] != 0x5A2D2FA5:
            return None
        at = 8
        while vector[at]:
            tag, length = vector[at], vector[at + 1]
            if tag == 1:
                return vector[at + 2:at + 2 + length].decode()
            at += 2 + length
        return None

    def own(self):
        return [label for label in self.entries if label.startswith("pawl-")]


def left(release):
    """Files of a kernel, and of Pawl in the boot menu."""
    places = [f"/boot/*{release}*", f"/boot/.*{release}*", f"/lib/modules/*{release}*", f"/lib/modules/.*{release}*",
              "/boot/pawl/fallback*", "/boot/pawl/entries.json", "/etc/grub.d/*pawl*",
              "/etc/default/grub.d/*pawl*", f"{ESP}/pawl/*", f"{ESP}/**/*{release}*", f"{ESP}/loader/entries/pawl*"]
    return sorted({path for place in places for path in glob.glob(place, recursive=True)})


def main():
    loader, release = sys.argv[1:]
    menu = {"grub": Grub, "systemd-boot": SystemdBoot, "extlinux": Extlinux}[loader]()
    print(json.dumps({
        "running": os.uname().release, "default": menu.default(), "one_shot": menu.one_shot(),
        "own": menu.own(), "left": left(release), "kernels": sorted(os.listdir("/lib/modules")),
        "command_line": text("/proc/cmdline").strip(),
    }))


main()

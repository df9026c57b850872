"""Makes a package of a kernel that is newer than any other, as Debian's are: an image, a folder of modules,
and scripts that run the distribution's hooks.

usage: package.py RELEASE NEW FILE     RELEASE: of the kernel whose image it gets
"""

import os
import pathlib
import shutil
import subprocess
import sys

TREE = pathlib.Path("/var/tmp/lab-package")
CONTROL = """Package: linux-image-{new}
Version: 1
Architecture: amd64
Maintainer: Lab <root@localhost>
Description: a kernel that somebody else installs
"""
SCRIPT = """#!/bin/sh
set -e
export DEB_MAINT_PARAMS="$*"
exec run-parts --report --exit-on-error --arg={new} --arg=/boot/vmlinuz-{new} /etc/kernel/{name}.d
"""


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def main():
    release, new, file = sys.argv[1:]
    shutil.rmtree(TREE, ignore_errors=True)
    write(TREE / "DEBIAN/control", CONTROL.format(new=new))
    for name in ("postinst", "postrm"):
        write(TREE / "DEBIAN" / name, SCRIPT.format(new=new, name=name), 0o755)
    for place in (f"boot/vmlinuz-{release}", f"boot/config-{release}", f"lib/modules/{release}/modules.builtin",
                  f"lib/modules/{release}/modules.order"):
        copy = TREE / place.replace(release, new)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(f"/{place}", copy)
    os.makedirs("/etc/kernel/postrm.d", exist_ok=True)
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "--build", TREE, file], check=True)
    shutil.rmtree(TREE)


main()

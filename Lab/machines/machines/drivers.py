"""A driver of DKMS, as small as one can be."""

SOURCE = """#include <linux/module.h>
static int __init demo_init(void) { %s return 0; }
static void __exit demo_exit(void) { }
module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION("%s");
"""
CONF = """PACKAGE_NAME="demo"
PACKAGE_VERSION="%s"
BUILT_MODULE_NAME[0]="demo"
DEST_MODULE_LOCATION[0]="/extra"
AUTOINSTALL="yes"
"""


def source(machine, version, statement=""):
    folder = f"/usr/src/demo-{version}"
    machine.succeed(["mkdir", "-p", folder])
    machine.write(f"{folder}/demo.c", SOURCE % (statement, version))
    machine.write(f"{folder}/Makefile", "obj-m := demo.o\n")
    machine.write(f"{folder}/dkms.conf", CONF % version)
    machine.succeed(["sync"])


def driver(pawl, version):
    """A plan for that version, approved and begun."""
    pawl.plan("dkms", module="demo", version=version)
    pawl.approve()
    pawl.start()


def loads(machine):
    """The version that the kernel loads now."""
    machine.succeed(["modprobe", "demo"])
    version = machine.succeed(["cat", "/sys/module/demo/version"]).strip()
    machine.succeed(["modprobe", "-r", "demo"])
    return version

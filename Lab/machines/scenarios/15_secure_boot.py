"""A machine that starts and loads only what is signed: what Pawl says of it, a module that its kernel refuses, a
driver of the real DKMS whose key a person lets in at shim's blue screen, and kernels of one's own: what is not signed
is refused before anything is changed, what is signed by a key that was let in is tried and kept."""

import re

from machines import menu, mok
from machines import pawl as verbs
from machines.drivers import driver, source
from machines.pawl import ROLLED_BACK

MACHINES = ("secure-boot",)
VARIANTS = ("detected", "not-signed", "key", "own-kernel", "own-kernel-signed")
CERTIFICATE = "/var/lib/dkms/mok.pub"
WAITING = 5  # exit statuses
REFUSED = 6


def run(machine, name):
    pawl, release = verbs.Pawl(machine), machine.boot()
    assert "SecureBoot enabled" in machine.succeed(["mokutil", "--sb-state"])
    assert "[integrity]" in machine.succeed(["cat", "/sys/kernel/security/lockdown"])
    pawl.hook()
    {"detected": detected, "not-signed": not_signed, "key": key, "own-kernel": own_kernel,
     "own-kernel-signed": own_kernel_signed}[name](machine, pawl, release)


def detected(machine, _pawl, release):
    """Each of it is read without Pawl, too: the firmware's variable, the kernel's file, and a module whose
    signature is cut off."""
    variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    assert machine.succeed(["od", "-An", "-tu1", "-j4", variable]).split() == ["1"]
    without_signature(machine, release, "/root/dummy.ko")
    done = machine.run(["insmod", "/root/dummy.ko"])
    assert "rejected" in done.errors and not loaded(machine, "dummy"), done
    machine.succeed(["modprobe", "dummy"])
    told = machine.run(["pawl", "detect", "--json"]).json()
    security = {name: told["security"][name] for name in
                ("secure_boot", "shim_validates", "lockdown", "module_signatures", "modules_disabled")}
    assert security == {"secure_boot": "enabled", "shim_validates": True, "lockdown": "integrity",
                        "module_signatures": "required", "modules_disabled": False}, security
    assert (told["boot"]["loader"], told["boot"]["firmware"]) == ("grub", "uefi"), told["boot"]
    assert "Secure Boot enabled, lockdown integrity, module signatures required" in machine.succeed(["pawl", "detect"])


def not_signed(machine, pawl, release):
    """One without a signature, in place of the kernel's own; and one by a key that nobody let in."""
    machine.succeed(["mkdir", "-p", f"/lib/modules/{release}/updates"])
    without_signature(machine, release, f"/lib/modules/{release}/updates/dummy.ko")
    machine.succeed(["depmod"])
    does_not_load(machine, pawl, "dummy", "Loading of unsigned module is rejected")
    source(machine, "1.0")
    machine.succeed(["dkms", "install", "demo/1.0"], timeout=900)
    assert not mok.knows(machine, CERTIFICATE)
    does_not_load(machine, pawl, "demo", "Loading of module with unavailable key is rejected")
    pawl.verified()


def does_not_load(machine, pawl, module, words_of_kernel):
    pawl.plan("module-load", module=module)
    pawl.approve()
    pawl.start()
    pawl.wait("failed")
    assert words_of_kernel in machine.succeed(["dmesg"])
    told = pawl.history()
    assert "loads only modules that are signed with a key it knows, and this one is not" in told, told
    assert "Key was rejected by service. This kernel" in told and "mokutil --list-enrolled" in told, told
    if module == "demo":
        assert f"mokutil --import {CERTIFICATE}" in told, told
    assert not loaded(machine, module)
    assert pawl.rollback().status == ROLLED_BACK
    assert machine.run(["grep", "-rlw", module, "/etc/modules-load.d", "/etc/modprobe.d"]).output == ""


def key(machine, pawl, release):
    """The first time nobody is at the console, and Pawl waits on; it never takes a request for a key."""
    source(machine, "1.0")
    driver(pawl, "1.0")
    pawl.wait("waiting/person")
    assert not loads(machine, release)
    ask_as_told(machine, pawl)
    restart(machine, release, mok.pass_by)
    assert "waiting for a person" in pawl.message()
    assert not mok.knows(machine, CERTIFICATE)
    waits_on(machine, pawl, "The firmware does not know the key")
    ask_as_told(machine, pawl)
    waits_on(machine, pawl, "waits for a person to enrol it at the next start")

    restart(machine, release, mok.let_in)
    assert mok.knows(machine, CERTIFICATE)
    pawl.wait("succeeded", seconds=120)  # the hook looks again, once a boot
    signer = machine.succeed(["modinfo", "-F", "signer", "demo"]).strip()
    assert f"signed by {signer}" in machine.succeed(["pawl", "logs", pawl.number, "--step", "verify"])
    assert loads(machine, release)
    assert machine.reboot() == release
    assert loads(machine, release), "after a plain restart it does not load any more"

    assert pawl.rollback().status == ROLLED_BACK
    assert "not found" in machine.run(["modprobe", "demo"]).errors
    assert "installed" not in machine.succeed(["dkms", "status"])
    assert machine.run(["find", f"/lib/modules/{release}", "-name", "demo*"]).output == ""
    another_key(machine, pawl, release)
    pawl.verified()


def another_key(machine, pawl, release):
    """Planned while the key is known; DKMS makes one anew before it builds."""
    pawl.plan("dkms", module="demo", version="1.0")
    machine.succeed(["rm", "/var/lib/dkms/mok.key", CERTIFICATE])
    pawl.approve()
    pawl.start()
    pawl.wait("waiting/person")
    assert not loads(machine, release)
    assert pawl.rollback().status == ROLLED_BACK


def ask_as_told(machine, pawl):
    """The command is taken from Pawl's own words."""
    command = re.search(r"As root: (mokutil [^,]+),", pawl.history())
    assert command, pawl.history()
    mok.ask(machine, command[1].split())
    assert CERTIFICATE in command[1] and "[key 1]" in machine.succeed(["mokutil", "--list-new"])


def waits_on(machine, pawl, *words):
    done = machine.run(["pawl", "resume"], timeout=300)
    assert done.status == WAITING, done
    assert pawl.state() == "waiting/person"
    told = machine.succeed(["pawl", "status"])
    for word in (*words, "At the blue screen", f"Next: pawl resume {pawl.number} "):
        assert word in told, f"it does not say {word!r}: {told}"


def restart(machine, release, person):
    """With somebody, or nobody, at the blue screen on the way."""
    seen = len(machine.agent.boots)
    machine.console.skip()
    machine.begin_reboot()
    person(machine)
    assert machine.wait_up(seen) == release


def own_kernel(machine, _pawl, _release):
    stage = verbs.stage_of(machine, "good")
    before = lies_about(machine)
    for more in ([], ["--set", "restart=no"], ["--set", "trial=i-will-be-at-the-console"]):
        refuses(machine, stage, more, "is not signed")
    assert "Plan 1" not in machine.run(["pawl", "status"]).output
    assert lies_about(machine) == before


def refuses(machine, stage, more, *words):
    done = machine.run(["pawl", "plan", "kernel-install", "--set", f"stage={stage}", *more], timeout=300)
    assert done.status == REFUSED, done
    for word in ("Secure Boot is on: the firmware starts only signed kernels", *words):
        assert word in done.errors, done


def own_kernel_signed(machine, pawl, release):
    """By a key of somebody's own: refused until it is let in, then tried and kept, each time through shim."""
    new, stage = sign(machine, verbs.stage_of(machine, "good"))
    refuses(machine, stage, [], "signed by a key that is not enrolled")
    mok.ask(machine, ["mokutil", "--import", "/root/own.der"])
    restart(machine, release, mok.let_in)
    pawl.plan("kernel-install", stage=stage, **verbs.TRIAL)
    pawl.approve()
    pawl.start()
    menu.promoted(machine, pawl, release, new)
    machine.settle()
    assert machine.reboot() == new
    assert "SecureBoot enabled" in machine.succeed(["mokutil", "--sb-state"])
    pawl.verified()


def sign(machine, stage):
    """A copy of one of the lab's kernels, its image signed by a key that is made here. The release, and the folder."""
    machine.succeed(["cp", "-r", stage, "/root/stage"])
    release = machine.succeed(["ls", "/root/stage/lib/modules"]).strip()
    machine.succeed(["openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
                     "-subj", "/CN=Somebody's own/", "-keyout", "/root/own.key", "-out", "/root/own.pem"], timeout=300)
    machine.succeed(["openssl", "x509", "-in", "/root/own.pem", "-outform", "DER", "-out", "/root/own.der"])
    image = f"/root/stage/boot/vmlinuz-{release}"
    machine.succeed(["sbsign", "--key", "/root/own.key", "--cert", "/root/own.pem", "--output", image, image])
    return release, "/root/stage"


def lies_about(machine):
    """Files with which a boot has to do, and the firmware's variables: name, size, time."""
    places = ["/boot", "/etc", "/lib/modules", "/sys/firmware/efi/efivars"]
    return machine.succeed(["find", *places, "-type", "f", "-printf", "%p %s %T@\\n"]).splitlines()


def without_signature(machine, release, to):
    machine.succeed(["cp", f"/lib/modules/{release}/kernel/drivers/net/dummy.ko", to])
    machine.succeed(["strip", "--strip-debug", to])
    assert machine.succeed(["modinfo", "-F", "signer", to]).strip() == ""


def loaded(machine, module):
    return machine.run(["test", "-d", f"/sys/module/{module}"]).status == 0


def loads(machine, release):
    """Whether the kernel takes what DKMS built; then it says of it that it is from outside, not that its
    signature is none."""
    done = machine.run(["modprobe", "demo"])
    if done.status != 0:
        assert "Key was rejected by service" in done.errors, done
        assert not loaded(machine, "demo")
        return False
    name = machine.succeed(["modprobe", "--show-depends", "demo"]).split()[1]
    assert name == f"/lib/modules/{release}/updates/dkms/demo.ko", name
    line = next(line for line in machine.succeed(["cat", "/proc/modules"]).splitlines() if line.startswith("demo "))
    assert " Live " in line and line.endswith("(O)"), line
    machine.succeed(["modprobe", "-r", "demo"])
    return True

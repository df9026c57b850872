"""Reads the variables of a UEFI firmware from its flash file: what boots next, and what booted."""

import struct

# As edk2 lays out its store of authenticated variables.
STORE = bytes.fromhex("782cf3aa7b949a43a1802e144ec37792")
HEADER = struct.Struct("<HBBIQ16sIII16s")
START, VALID = 0x55AA, 0x3F


def variables(path):
    """Names and values of the variables that are in force, whoever set them."""
    with open(path, "rb") as file:
        flash = file.read()
    at = flash.index(STORE)
    end = at + struct.unpack_from("<I", flash, at + 16)[0]
    at += 28
    found = {}
    while at + HEADER.size <= end:
        start, state, _, _, _, _, _, name_size, data_size, _ = HEADER.unpack_from(flash, at)
        if start != START:
            break
        name = flash[at + HEADER.size:][:name_size].decode("utf-16-le").rstrip("\0")
        if state == VALID:
            found[name] = flash[at + HEADER.size + name_size:][:data_size]
        at += HEADER.size + name_size + data_size
        at += -at % 4
    return found


def text(value):
    return value.decode("utf-16-le").rstrip("\0")

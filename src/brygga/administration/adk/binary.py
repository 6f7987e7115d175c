"""How many bits a program or library file is for, read from its header without loading it."""

from __future__ import annotations

import struct
from pathlib import Path

PE_MACHINES = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
"""x86, x64, ARM64 (the Machine field of a PE header, which every Windows library and program has)."""
ELF_CLASSES = {1: 32, 2: 64}
MACH_O = {0xFEEDFACE: 32, 0xFEEDFACF: 64}
PE_POINTER = 0x3C


def bits_of(file: str | Path) -> int | None:
    """32 or 64; None when the file cannot be read or is no such file (a launcher script, for instance)."""
    try:
        with Path(file).open("rb") as opened:
            head = opened.read(64)
            if head[:2] == b"MZ" and len(head) == 64:
                opened.seek(struct.unpack_from("<I", head, PE_POINTER)[0])
                return _pe_bits(opened.read(6))
    except OSError:
        return None
    if head[:4] == b"\x7fELF" and len(head) > 4:
        return ELF_CLASSES.get(head[4])
    return MACH_O.get(struct.unpack_from("<I", head)[0]) if len(head) >= 4 else None


def _pe_bits(header: bytes) -> int | None:
    if len(header) < 6 or header[:4] != b"PE\0\0":
        return None
    return PE_MACHINES.get(struct.unpack_from("<H", header, 4)[0])

"""Compiling the test assembly with Mono's ``mcs``: the documented .NET shapes over the compiled practice library."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("dotnet_wrapper") / "Api.cs"
NEEDS_MONO = "Mono is not installed (Debian: mono-runtime mono-mcs mono-devel), so the .NET way cannot be tested here"


def mono_is_there() -> bool:
    """Whether this machine can compile and run .NET code by Mono; ``.ci/run`` installs it."""
    return shutil.which("mcs") is not None and shutil.which("mono") is not None


def build_wrapper(folder: Path, practice_library: Path, *defines: str, name: str = "AdkNet6Wrapper.dll") -> Path:
    """The assembly in ``folder``; it calls ``practice_library``."""
    text = SOURCE.read_text(encoding="utf-8").replace('"Adk.dll"', json.dumps(str(practice_library)))
    return compile_assembly(folder / name, text, *defines)


def compile_assembly(file: Path, text: str, *defines: str) -> Path:
    """Compile C# into the assembly ``file``."""
    source = file.with_suffix(".cs")
    source.write_text(text, encoding="utf-8")
    command = ["mcs", "-target:library", f"-out:{file}", *(f"-define:{each}" for each in defines), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return file

"""Written for Windows, macOS and Linux: nothing in the program that only POSIX has, nothing of one machine in any file.

What Windows lacks would be noticed only there, so the source is read instead (architecture, "Windows, where the users
are").
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


POSIX_MODULES = _words("crypt fcntl grp nis posix pty pwd readline resource spwd syslog termios tty")
POSIX_CALLS = {
    "os": _words(
        "WEXITSTATUS WIFEXITED WIFSIGNALED chown chroot fchmod fchown fork forkpty getegid geteuid getgid getgroups "
        "getloadavg getpgid getpgrp getuid initgroups kill killpg lchown mkfifo mknod nice openpty posix_spawn "
        "posix_spawnp setegid seteuid setgid setpgid setpgrp setregid setreuid setsid setuid sync sysconf tcgetpgrp "
        "ttyname uname wait wait3 wait4 system popen"
    ),
    "select": _words("devpoll epoll kqueue poll"),
    "signal": _words("alarm pause pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigtimedwait sigwait"),
    "socket": _words("AF_UNIX fromfd_unix socketpair_unix"),
}
"""What of a module Windows does not have, or has with another meaning (``os.kill`` ends the process without a word)."""
SIGNALS = _words("SIGINT SIGTERM SIGBREAK SIG_IGN SIG_DFL")
METHODS = frozenset(("add_signal_handler", "remove_signal_handler", "chmod"))
"""Methods that do nothing, or nothing useful, on Windows, whatever they are called on."""
KEYWORDS = _words("preexec_fn start_new_session process_group pass_fds user group umask")
"""Arguments of ``subprocess`` that only POSIX takes."""
POSIX_PATHS = re.compile(r"^/(tmp|dev|proc|etc|var|usr|bin|home)(/|$)")
TEXT_CALLS = frozenset(("open", "read_text", "write_text", "fdopen", "NamedTemporaryFile", "TextIOWrapper"))


def findings(source: str) -> list[str]:
    """What in a source text is not portable, as ``line: what``."""
    tree = ast.parse(source)
    return [f"{line}: {what}" for node in ast.walk(tree) for line, what in _of_node(node)]


def _of_node(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            yield from ((node.lineno, f"import {each.name}") for each in names if each.name in POSIX_MODULES)
        case ast.ImportFrom(module=str(module), names=names):
            if module in POSIX_MODULES:
                yield node.lineno, f"import {module}"
            yield from ((node.lineno, f"{module}.{each.name}") for each in names if _is_posix(module, each.name))
        case ast.Attribute(value=ast.Name(id=module), attr=name) if _is_posix(module, name):
            yield node.lineno, f"{module}.{name}"
        case ast.Attribute(attr=name) if name in METHODS:
            yield node.lineno, name
        case ast.Constant(value=str(text)) if POSIX_PATHS.match(text):
            yield node.lineno, f"path {text}"
        case ast.Call():
            yield from ((node.lineno, what) for what in _of_call(node))


def _is_posix(module: str, name: str) -> bool:
    if module == "signal" and name.startswith("SIG"):
        return name not in SIGNALS
    return name in POSIX_CALLS.get(module, ())


def _of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == "Popen" or (isinstance(call.func, ast.Attribute) and _text_of_name(call.func.value) == "subprocess"):
        yield from sorted(f"{each}=" for each in set(given) & KEYWORDS if each is not None)
    if "shell" in given and not (isinstance(given["shell"], ast.Constant) and given["shell"].value is False):
        yield "shell=True"
    if name in ("get_context", "set_start_method") and any(_text(each) in ("fork", "forkserver") for each in call.args):
        yield "multiprocessing by fork"
    if name in TEXT_CALLS and "encoding" not in given and not _gives_encoding(call, name):
        yield f"{name} without encoding"


def _gives_encoding(call: ast.Call, name: str) -> bool:
    """Whether the call opens bytes, is no opening of a file at all, or names the encoding by its place."""
    if name == "read_text":
        return bool(call.args)
    if name == "write_text":
        return len(call.args) > 1
    if name == "TextIOWrapper":
        return len(call.args) > 1
    if name == "NamedTemporaryFile":
        mode = _mode(call, 0)
        return mode is None or "b" in mode
    on_object = isinstance(call.func, ast.Attribute) and name == "open"
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if on_object and isinstance(owner, ast.Name) and owner.id == "os":
        return True  # a file descriptor: bytes
    mode = _mode(call, 0 if on_object else 1)
    if mode is None and on_object:
        # ``company.open(...)`` of our own has other arguments than a mode, or none: only a path's is a text file.
        return bool(call.args) or not _is_path(owner)
    return mode is not None and "b" in mode


def _mode(call: ast.Call, place: int) -> str | None:
    """The mode that is given, None when none is (or when it is no mode at all)."""
    value = next((each.value for each in call.keywords if each.arg == "mode"), None)
    if value is None and len(call.args) > place:
        value = call.args[place]
    text = _text(value)
    return text if text is not None and text and set(text) <= set("rwxabt+") else None


def _is_path(owner: ast.expr | None) -> bool:
    """Whether the expression is written as a path: a name that says so, a call of Path, or a division."""
    match owner:
        case ast.BinOp(op=ast.Div()) | ast.Call(func=ast.Name(id="Path")):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(re.search(r"path|file|folder", name, re.IGNORECASE))
        case _:
            return False


def _text_of_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def program_files() -> list[Path]:
    """Every source file of the program."""
    return [*sorted((ROOT / "src").rglob("*.py")), ROOT / "dev.py"]


def test_the_program_calls_nothing_that_only_posix_has() -> None:
    files = program_files()
    assert len(files) > 50, "the source is not where it is looked for"
    found = [
        f"{file.relative_to(ROOT)}:{each}" for file in files for each in findings(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("sample", "what"),
    [
        ("import os\nos.fork()", "2: os.fork"),
        ("import os\nos.kill(1, 9)", "2: os.kill"),
        ("import os\nos.killpg(1, 9)", "2: os.killpg"),
        ("import os\nos.getuid()", "2: os.getuid"),
        ("import os\nos.geteuid()", "2: os.geteuid"),
        ("import os\nos.setsid()", "2: os.setsid"),
        ("import os\nos.mkfifo('x')", "2: os.mkfifo"),
        ("import os\nos.system('ls')", "2: os.system"),
        ("import os\nos.chmod('x', 0o600)", "2: chmod"),
        ("path.chmod(0o600)", "1: chmod"),
        ("from os import fork", "1: os.fork"),
        ("import signal\nsignal.signal(signal.SIGKILL, f)", "2: signal.SIGKILL"),
        ("import signal\nsignal.signal(signal.SIGHUP, f)", "2: signal.SIGHUP"),
        ("from signal import SIGUSR1", "1: signal.SIGUSR1"),
        ("import signal\nsignal.alarm(1)", "2: signal.alarm"),
        *((f"import {name}", f"1: import {name}") for name in ("fcntl", "pwd", "grp", "resource", "termios", "pty")),
        ("from fcntl import flock", "1: import fcntl"),
        ("def f():\n    import pwd", "2: import pwd"),
        ("import select\nselect.poll()", "2: select.poll"),
        ("import select\nselect.epoll()", "2: select.epoll"),
        ("import socket\nsocket.AF_UNIX", "2: socket.AF_UNIX"),
        ("subprocess.run('ls', shell=True)", "1: shell=True"),
        ("subprocess.run('ls', shell=flag)", "1: shell=True"),
        ("subprocess.Popen(['x'], preexec_fn=f)", "1: preexec_fn="),
        ("subprocess.Popen(['x'], start_new_session=True)", "1: start_new_session="),
        ("multiprocessing.get_context('fork')", "1: multiprocessing by fork"),
        ("multiprocessing.set_start_method('fork')", "1: multiprocessing by fork"),
        ("x = '/tmp/store'", "1: path /tmp/store"),
        ("x = '/dev/null'", "1: path /dev/null"),
        ("loop.add_signal_handler(2, f)", "1: add_signal_handler"),
        ("open('x')", "1: open without encoding"),
        ("open('x', 'w')", "1: open without encoding"),
        ("open('x', mode='a')", "1: open without encoding"),
        ("path.open()", "1: open without encoding"),
        ("(folder / 'x').open('w')", "1: open without encoding"),
        ("path.read_text()", "1: read_text without encoding"),
        ("path.write_text('x')", "1: write_text without encoding"),
        ("os.fdopen(1, 'w')", "1: fdopen without encoding"),
    ],
)
def test_the_detector_finds(sample: str, what: str) -> None:
    assert what in findings(sample)


@pytest.mark.parametrize(
    "sample",
    [
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
        "import signal\nsignal.signal(signal.SIGTERM, f)\nsignal.signal(signal.SIGBREAK, f)",
        "import os\nos.path.join('a', 'b')\nos.devnull\nos.open(os.devnull, os.O_RDONLY)",
        "open('x', 'rb')",
        "open('x', encoding='utf-8')",
        "open('x', mode='wb')",
        "path.open('rb')",
        "path.open('w', encoding='utf-8')",
        "path.read_text('utf-8')",
        "path.write_text('x', encoding='utf-8')",
        "os.fdopen(1, 'wb')",
        "session.open(common, company, user, password)",
        "clerk.open()",
        "SeveraState.open(data)",
        "subprocess.run(['ls'], shell=False)",
        "x = '/v1/invoices'",
        "multiprocessing.get_context('spawn')",
    ],
)
def test_the_detector_lets_pass(sample: str) -> None:
    assert findings(sample) == []


# -- nothing of one machine ------------------------------------------------------------------------------------------

HOME_FOLDERS = re.compile(
    r"(?<![\w.~-])/(?:home|Users|root|work)/[A-Za-z0-9._-]+|\b[A-Za-z]:\\{1,2}Users\\{1,2}[A-Za-z0-9._-]+"
)
NOBODY = re.compile(r"[/\\](anna)$")
"""Whose folder is an example in a test of Windows paths."""
INDEX_ADDRESSES = re.compile(
    r"^\s*(--(extra-)?index-url|--find-links|--trusted-host|-i|-f)\b|^\s*[^#\s].*\bhttps?://", re.MULTILINE
)
BINARY = frozenset((".png", ".ico", ".mo", ".sqlite", ".woff2", ".se", ".pyc"))
SKIPPED = frozenset(("build", "dist", "htmlcov", "__pycache__"))
OF_THIS_TEST = Path(__file__).name


def repository_files() -> list[Path]:
    """The text files of the repository: those that git knows, else (an unpacked archive) all but hidden folders."""
    try:
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8").stdout
        names = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [file for file in ROOT.rglob("*") if not _is_made(file.relative_to(ROOT))]
    return sorted(file for file in names if file.is_file() and file.suffix not in BINARY)


def _is_made(file: Path) -> bool:
    return any(part.startswith(".") or part in SKIPPED or part.endswith(".egg-info") for part in file.parts)


def test_no_file_names_a_folder_of_one_machine() -> None:
    files = repository_files()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{file.relative_to(ROOT)}: {named.group()}"
        for file in files
        if file.name != OF_THIS_TEST
        for named in HOME_FOLDERS.finditer(file.read_text(encoding="utf-8", errors="replace"))
        if not NOBODY.search(named.group())
    ]
    assert found == []


def test_no_lock_file_names_an_index() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert locks
    found = [
        f"{lock.name}: {named.group().strip()}"
        for lock in locks
        for named in INDEX_ADDRESSES.finditer(lock.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["/home/eva/brygga", "see '/root/x'", "/Users/eva/x", "C:\\Users\\eva", "C:\\\\Users\\\\eva", "/work/main/x"],
)
def test_folders_of_a_machine_are_found(text: str) -> None:
    assert HOME_FOLDERS.search(text)


@pytest.mark.parametrize("text", ["https://example.org/home/page", "/v1/users/eva", "net/work/main", "~/home/x"])
def test_other_paths_are_not_taken_for_one(text: str) -> None:
    assert not HOME_FOLDERS.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://pypi.example/simple",
        "--extra-index-url x",
        "--find-links ./wheels",
        "--trusted-host x",
        "-i x",
        "x @ https://example.org/x.whl",
    ],
)
def test_an_index_in_a_lock_is_found(text: str) -> None:
    assert INDEX_ADDRESSES.search(f"alembic==1.0 \\\n    --hash=sha256:00\n{text}\n")

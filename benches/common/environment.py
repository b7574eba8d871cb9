"""What a measurement runs with: the pinned packages, a binary of udfald, and the words that describe the machine."""

import argparse
import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "benches"
"""Everything that is made on the way; nothing of it is in the repository."""
REQUIREMENTS = HERE / "requirements.txt"


def python() -> Path:
    """The Python of a virtual environment with the pinned packages, which is made if it is not there."""
    if sys.version_info[:2] != (3, 11):
        sys.exit("the pinned packages are for Python 3.11: run this file with python3.11")
    venv = WORK / "venv"
    path = venv / "bin" / "python"
    stamp = venv / "requirements.sha256"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == digest):
        print("Making a virtual environment with the pinned packages ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [str(path), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        built = ["--only-binary", ":all:", "--no-binary", "aggregate"]  # it has no wheel for this Python
        subprocess.run([*pip, *built, "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(digest)
    return path


def ask_for_udfald(parser: argparse.ArgumentParser) -> None:
    """The option that names a binary."""
    parser.add_argument("--udfald", type=Path, help="a release binary; without it, cargo builds one")


def udfald(options: argparse.Namespace, profile: str = "release") -> Path:
    """The binary that was named, or that of this repository."""
    WORK.mkdir(parents=True, exist_ok=True)
    if options.udfald is not None:
        return options.udfald.resolve()
    subprocess.run(["cargo", "build", "--profile", profile], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / profile / "udfald"


def threads() -> tuple[int, ...]:
    """The numbers of threads to measure with."""
    return (1, 2) if (os.cpu_count() or 1) > 1 else (1,)


def load() -> str:
    """The load of the machine now."""
    return f"{os.getloadavg()[0]:.2f}"


def machine() -> str:
    """Processor, system and load."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        lines = dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)
        named = {name: value.split(":", 1)[-1].strip() for name, value in lines.items()}
        model = f"{named.get('model name', model)}, family {named.get('cpu family')}, model {named.get('model')}"
    return f"{os.cpu_count()} processors ({model}), {platform.system()} {platform.release()}, load {load()}"


def versions(binary: Path, packages: tuple[str, ...] = ()) -> str:
    """The versions of udfald, of Python, and of these packages."""
    ours = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    pinned = [line.split()[0] for line in REQUIREMENTS.read_text().splitlines() if "==" in line]
    named = [one for one in pinned if one.split("==")[0] in packages]
    return ", ".join([ours, f"Python {platform.python_version()}", *dict.fromkeys(named)])

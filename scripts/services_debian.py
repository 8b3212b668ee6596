"""Debian's packages of the servers that tests need."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
PROGRAMS = {
    "ceph-mon": "ceph-mon",
    "ceph-mgr": "ceph-mgr",
    "ceph-osd": "ceph-osd",
    "radosgw": "radosgw",
    "ceph": "ceph-common",
    "ceph-authtool": "ceph-common",
    "monmaptool": "ceph-common",
    "openssl": "openssl",
}


class CannotInstall(Exception):
    """Packages are missing, and this user may not install them."""


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def missing_packages() -> list[str]:
    packages = {package for program, package in PROGRAMS.items() if shutil.which(program) is None}
    if postgres_programs() is None:
        packages.add("postgresql")
    return sorted(packages)


def install_what_is_missing() -> None:
    packages = missing_packages()
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise CannotInstall(f"these Debian packages are missing, and this is no Debian: {names}")
    if os.geteuid() != 0:
        raise CannotInstall(f"these Debian packages are missing, and only root may install them: {names}")
    print(f"scripts/services: installing {names}", file=sys.stderr)
    # Nothing is to start by itself: the servers of the tests are our own processes.
    policy_is_ours = not POLICY.exists()
    if policy_is_ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        install = ["install", "-y", "-qq", "--no-install-recommends", *packages]
        # At first the lists may be missing, or too old to name files that still exist.
        if not (_apt(install) or (_apt(["update", "-qq"]) and _apt(install))):
            raise CannotInstall(f"apt-get could not install {names}; its own words stand above")
    finally:
        if policy_is_ours:
            POLICY.unlink(missing_ok=True)
    if still := missing_packages():
        raise CannotInstall(f"still missing after apt-get: {' '.join(still)}")


def _apt(arguments: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    return done.returncode == 0

"""A PostgreSQL cluster of its own: one folder, one loopback port, trust.

Commits are handed to the system, not waited for on the disk: tests kill programs, never the machine, and what
a killed program has written the system keeps."""

import os
import pwd
from pathlib import Path
from typing import Any

from services_debian import postgres_programs
from services_processes import Failed, Processes, do, free_ports


def start_postgres(folder: Path, processes: Processes) -> dict[str, str]:
    programs = postgres_programs()
    if programs is None:
        raise Failed("PostgreSQL is not installed.")
    folder.mkdir()
    options: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data, (port,) = folder / "data", free_ports(1)
    do(
        [
            str(programs / "initdb"),
            "--pgdata",
            str(data),
            "--username=assetlib",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ],
        **options,
    )
    pid = processes.start(
        "postgres",
        [
            str(programs / "postgres"),
            "-D",
            str(data),
            "-c",
            f"port={port}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={folder}",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=200",
        ],
        **options,
    )
    address = ["--host=127.0.0.1", f"--port={port}"]

    def answers() -> bool:
        try:
            do([str(programs / "pg_isready"), *address])
        except Failed:
            return False
        return True

    processes.wait("postgres", pid, answers)
    do([str(programs / "createdb"), *address, "--username=assetlib", "assetlib"])
    return {"ASSETLIB_TEST_POSTGRES": f"postgresql+psycopg://assetlib@127.0.0.1:{port}/assetlib"}

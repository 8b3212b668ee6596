"""Ceph's object gateway on one node of loopback: a real S3 server, over http and over TLS."""

import os
import secrets
import shutil
import uuid
from pathlib import Path

from services_processes import Processes, do, free_ports, listens

CONF = """\
[global]
fsid = {fsid}
mon initial members = a
mon host = v2:127.0.0.1:{mon_port}/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/keyrings/$name
run dir = {folder}/run
admin socket = {folder}/run/$name.asok
pid file = {folder}/run/$name.pid
log file = {folder}/log/$name.log
crash dir = {folder}/crash
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
osd objectstore = bluestore
bluestore block size = 8589934592
bluestore block create = true
osd memory target = 939524096
[mon]
mon data = {folder}/data/mon
mon data avail warn = 1
mon data avail crit = 0
[mgr]
mgr data = {folder}/data/mgr
mgr initial modules =
[osd]
osd data = {folder}/data/osd
[client.rgw]
rgw data = {folder}/data/rgw
rgw frontends = beast endpoint=127.0.0.1:{http_port} ssl_endpoint=127.0.0.1:{tls_port} \
ssl_certificate={folder}/tls/certificate.pem ssl_private_key={folder}/tls/key.pem
rgw lc debug interval = 5
rgw thread pool size = 64
"""


def start_ceph(folder: Path, processes: Processes) -> dict[str, str]:
    for name in ("run", "log", "crash", "keyrings", "tls", "data/mon", "data/mgr", "data/osd", "data/rgw"):
        (folder / name).mkdir(parents=True)
    mon_port, http_port, tls_port = free_ports(3)
    fsid, conf = str(uuid.uuid4()), folder / "ceph.conf"
    conf.write_text(
        CONF.format(folder=folder, fsid=fsid, mon_port=mon_port, http_port=http_port, tls_port=tls_port)
    )
    _make_certificate(folder / "tls")
    _start_monitor(folder, fsid, f"127.0.0.1:{mon_port}", processes)
    _start_manager_and_disk(folder, processes)

    _make_key(folder, "client.rgw", "mon", "allow rw", "osd", "allow rwx", "mgr", "allow rw")
    gateway = _start(folder, processes, "radosgw", "-n", "client.rgw")
    processes.wait("radosgw", gateway, lambda: listens(http_port) and listens(tls_port))
    access_key, secret_key = secrets.token_hex(10).upper(), secrets.token_hex(20)
    do(
        [
            "radosgw-admin", "-c", str(conf), "-n", "client.rgw", "user", "create", "--uid=assetlib",
            "--display-name=assetlib", f"--access-key={access_key}", f"--secret-key={secret_key}",
        ],
    )  # fmt: skip
    return {
        "ASSETLIB_TEST_S3": f"http://127.0.0.1:{http_port}",
        "ASSETLIB_TEST_S3_TLS": f"https://127.0.0.1:{tls_port}",
        "ASSETLIB_TEST_S3_CA": str(folder / "tls" / "certificate.pem"),
        "ASSETLIB_TEST_S3_ACCESS_KEY": access_key,
        "ASSETLIB_TEST_S3_SECRET_KEY": secret_key,
    }


def _start_monitor(folder: Path, fsid: str, address: str, processes: Processes) -> None:
    conf, keyrings, monmap = str(folder / "ceph.conf"), folder / "keyrings", str(folder / "monmap")
    admin, first = keyrings / "client.admin", keyrings / "mon.a"
    do(
        [
            "ceph-authtool",
            "--create-keyring",
            str(first),
            "--gen-key",
            "-n",
            "mon.",
            "--cap",
            "mon",
            "allow *",
        ]
    )
    do(
        [
            "ceph-authtool", "--create-keyring", str(admin), "--gen-key", "-n", "client.admin",
            "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *",
        ],
    )  # fmt: skip
    together = folder / "first-keyring"
    shutil.copyfile(first, together)
    do(["ceph-authtool", str(together), "--import-keyring", str(admin)])
    do(["monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:{address}]", monmap])
    do(["ceph-mon", "-c", conf, "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", str(together)])
    monitor = _start(folder, processes, "ceph-mon", "-i", "a")
    processes.wait("ceph-mon", monitor, lambda: listens(int(address.rpartition(":")[2])))


def _start_manager_and_disk(folder: Path, processes: Processes) -> None:
    _make_key(folder, "mgr.a", "mon", "allow profile mgr", "osd", "allow *")
    _start(folder, processes, "ceph-mgr", "-i", "a")

    name = str(uuid.uuid4())
    number = _ceph(folder, "osd", "new", name).strip()
    _make_key(
        folder, f"osd.{number}", "mon", "allow profile osd", "mgr", "allow profile osd", "osd", "allow *"
    )
    conf = str(folder / "ceph.conf")
    do(["ceph-osd", "-c", conf, "-i", number, "--mkfs", "--osd-uuid", name])
    disk = _start(folder, processes, "ceph-osd", "-i", number)
    processes.wait("ceph-osd", disk, lambda: '"num_up_osds":1' in _ceph(folder, "osd", "stat", "-f", "json"))


def _start(folder: Path, processes: Processes, program: str, *arguments: str) -> int:
    command = [program, "-c", str(folder / "ceph.conf"), "-f", *arguments]
    # CEPH_ARGS of the caller's own cluster must not reach ours.
    return processes.start(program, command, cwd=folder, env=os.environ | {"CEPH_ARGS": ""})


def _ceph(folder: Path, *arguments: str) -> str:
    return do(["ceph", "-c", str(folder / "ceph.conf"), "--connect-timeout=60", *arguments])


def _make_key(folder: Path, name: str, *capabilities: str) -> None:
    target = folder / "keyrings" / name
    _ceph(folder, "auth", "get-or-create", name, *capabilities, "-o", str(target))


def _make_certificate(folder: Path) -> None:
    do(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
            "-subj", "/CN=localhost",
            "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
        ],
    )  # fmt: skip

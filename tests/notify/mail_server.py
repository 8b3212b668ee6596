"""A mail server on loopback that speaks enough SMTP to be talked to by a real client, with TLS and names."""

import base64
import datetime
import socketserver
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Taken:
    """One mail as the server got it."""

    recipients: list[str]
    message: EmailMessage
    was_private: bool
    user: str


@dataclass
class MailServer:
    """Use as a context; `port` is known inside. `answers` maps a recipient to the answer to RCPT."""

    certificate: tuple[Path, Path] | None = None
    users: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    after_taking: Any = None
    """Called with each mail when it was taken and before the client is told."""
    port: int = 0
    taken: list[Taken] = field(default_factory=list)

    def __enter__(self) -> "MailServer":
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), _Talk)
        self._server.daemon_threads = True
        self._server.house = self  # type: ignore[attr-defined]  # handlers find us by it
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.house = cast("MailServer", self.server.house)  # type: ignore[attr-defined]  # set above
        self.private, self.user, self.recipients = False, "", []
        self.say("220 mail.example at your service")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb, _, rest = line.partition(" ")
            act = getattr(self, f"do_{verb.lower()}", None)
            if act is None:
                self.say("502 not known here")
            elif act(rest) == "end":
                return

    def say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def do_ehlo(self, rest: str) -> None:
        can = ["mail.example", "8BITMIME"]
        if self.house.certificate and not self.private:
            can.append("STARTTLS")
        if self.house.users:
            can.append("AUTH PLAIN")
        self.say(*(f"250-{each}" for each in can[:-1]), f"250 {can[-1]}")

    def do_starttls(self, rest: str) -> str:
        assert self.house.certificate is not None
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.house.certificate)
        plain = self.request
        self.request = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        try:
            self.request.do_handshake()
        except (ssl.SSLError, OSError):
            return "end"
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self.private = True
        return ""

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def do_auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
        if self.house.users.get(user) != password:
            self.say("535 who are you")
        else:
            self.user = user
            self.say("235 come in")

    def do_mail(self, rest: str) -> None:
        self.say("530 say who you are" if self.house.users and not self.user else "250 fine")

    def do_rcpt(self, rest: str) -> None:
        recipient = rest[rest.index("<") + 1 : rest.index(">")]
        answer = self.house.answers.get(recipient, "250 fine")
        if answer.startswith("250"):
            self.recipients.append(recipient)
        self.say(answer)

    def do_data(self, rest: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = cast("EmailMessage", message_from_bytes(b"".join(lines), policy=policy.default))
        mail = Taken(self.recipients, message, self.private, self.user)
        self.house.taken.append(mail)
        if self.house.after_taking is not None:
            self.house.after_taking(mail)
        self.say("250 taken")

    def do_rset(self, rest: str) -> None:
        self.recipients = []
        self.say("250 fine")

    def do_quit(self, rest: str) -> str:
        self.say("221 bye")
        return "end"


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """Paths of a certificate for 127.0.0.1 that nobody but its holder trusts, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret

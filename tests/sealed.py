"""A certificate of this machine's own, and a mail server that speaks to it, for tests over real sockets."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path


def certificate(folder: Path, *, days: int = 30) -> Certificate:
    """Made here, signed by itself, for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "site.crt", folder / "site.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    key_file.chmod(0o600)
    return Certificate(cert_file, key_file)


@dataclass
class MailServer:
    """Speaks SMTP with STARTTLS on a loopback port. Strict: it hears nothing before it was greeted, after
    STARTTLS once more. `refuses`: recipients it knows nothing of, and senders it takes nothing from."""

    port: int
    refuses: tuple[str, ...] = ()
    taken: list[str] = field(default_factory=list)
    sealed: bool = False

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"


@contextlib.contextmanager
def mail_server(seal: Certificate, *, refuses: tuple[str, ...] = ()) -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MailServer(listening.getsockname()[1], refuses)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(seal.cert, seal.key)
        thread = threading.Thread(target=_listen, args=(listening, server, context), daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def _listen(listening: socket.socket, server: MailServer, context: ssl.SSLContext) -> None:
    while True:
        try:
            caller, _address = listening.accept()
        except OSError:
            return
        with contextlib.suppress(OSError):
            _talk(caller, server, context)


def _talk(caller: socket.socket, server: MailServer, context: ssl.SSLContext) -> None:
    caller.sendall(b"220 heron.example ESMTP\r\n")
    lines, greeted = caller.makefile("rb"), False
    while line := lines.readline().decode().strip():
        word = line.partition(" ")[0].upper()
        if word == "STARTTLS":
            caller.sendall(b"220 go ahead\r\n")
            caller = context.wrap_socket(caller, server_side=True)
            lines, server.sealed, greeted = caller.makefile("rb"), True, False
        elif word == "MAIL" and any(each in line for each in server.refuses):
            caller.sendall(b"553 5.7.1 not from this address\r\n")
        elif word == "DATA":
            caller.sendall(b"354 end with a dot\r\n")
            body = b"".join(iter(lines.readline, b".\r\n"))
            server.taken.append(body.decode())
            caller.sendall(b"250 2.0.0 queued as HERON1\r\n")
        elif word == "RCPT" and any(each in line for each in server.refuses):
            caller.sendall(b"550 5.1.1 nobody of this name here\r\n")
        elif word == "EHLO":
            greeted = True
            caller.sendall(b"250-heron.example\r\n250 STARTTLS\r\n")
        elif word == "MAIL" and not greeted:
            caller.sendall(b"503 5.5.1 say EHLO first\r\n")
        elif word == "QUIT":
            caller.sendall(b"221 bye\r\n")
            return
        else:
            caller.sendall(b"250 2.1.0 fine\r\n")

# SPDX-License-Identifier: GPL-2.0-only
"""Certificates for the interoperability tests, made by the openssl program."""

import subprocess

KINDS = {
    "rsa": ["-newkey", "rsa:2048"],
    "ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
}


def openssl(*arguments):
    done = subprocess.run(
        ["openssl", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stdout.strip()}")


class Credentials:
    """A certificate and its key as PEM files."""

    def __init__(self, folder, name):
        self.name = name
        self.certificate = folder / f"{name}-certificate.pem"
        self.key = folder / f"{name}-key.pem"


def chain(issued, *authorities):
    """Returns a file with a certificate and, behind it, those of authorities."""
    file = issued.certificate.with_name(f"{issued.name}-chain.pem")
    file.write_text("".join(c.certificate.read_text() for c in (issued, *authorities)))
    return file


class Authority(Credentials):
    """A CA; its certificate signs itself, or is signed by the CA above it."""

    def __init__(self, folder, name, kind="rsa", above=None):
        super().__init__(folder, name)
        self.folder = folder
        self.kind = kind
        folder.mkdir(parents=True, exist_ok=True)
        extensions = [
            "basicConstraints=critical,CA:TRUE",
            "keyUsage=critical,keyCertSign,cRLSign",
            "subjectKeyIdentifier=hash",
        ]
        self._make(self, f"/C=XX/O=Interop/CN={name}", extensions, above)

    def issue(self, name, *alternative_names):
        """Issues an end entity's certificate; names are written as DNS:host.example.test."""
        issued = Credentials(self.folder, name)
        extensions = [
            "basicConstraints=CA:FALSE",
            "keyUsage=critical,digitalSignature",
            "subjectAltName=" + ",".join(alternative_names),
        ]
        self._make(issued, f"/C=XX/O=Interop/CN={name}", extensions, self)
        return issued

    def _make(self, made, subject, extensions, issuer):
        command = ["req", "-x509", "-nodes", "-sha256", "-days", "3650", "-batch"]
        command += ["-config", "/dev/null", "-subj", subject, *KINDS[self.kind]]
        command += ["-keyout", made.key, "-out", made.certificate]
        for extension in extensions:
            command += ["-addext", extension]
        if issuer:
            command += ["-CA", issuer.certificate, "-CAkey", issuer.key]
        openssl(*command)

# SPDX-License-Identifier: GPL-2.0-only
"""Real peers in namespaces of their own, for the interoperability tests.

A test makes one Lab. It owns network namespaces, the processes that run in them and a folder for
what they write. All of it except the folder is gone when the test ends, however it ends. The
host's network, file system and services are never touched: strongSwan's packages are unpacked
under build/peers by fetch-peers.sh, and charon sees them through a mount namespace.
"""

import atexit
import ctypes
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("IPSEC_BUILD_DIR") or SOURCE / "build").resolve()
PEERS = BUILD / "peers"

SKIPPED = 77

# What charon loads: no more than IKEv1 and a data plane in user space need.
PLUGINS = (
    "random nonce drbg openssl gmp md5 sha1 sha2 hmac kdf gcm pem pkcs1 pkcs8 x509 pubkey "
    "revocation constraints mgf1 socket-default kernel-libipsec kernel-netlink vici updown attr "
    "unity xauth-generic counters"
)


class Checks:
    """Prints one line per check and remembers whether all of them held."""

    def __init__(self):
        self.failed = 0
        self.done = 0

    def __call__(self, text, holds, detail=""):
        self.done += 1
        if holds:
            print(f"ok   {text}", flush=True)
            return True
        self.failed += 1
        print(f"FAIL {text}" + (f": {detail}" if detail else ""), flush=True)
        return False

    def status(self):
        return 1 if self.failed or not self.done else 0


def run_meetings(parts, at_once=2):
    """Runs functions that take Checks, some at once, each in a process of its own.

    They mostly wait: each lasts as long in real time as its simulation says. What they print comes
    in their order. Returns the exit status of the test.
    """
    context = multiprocessing.get_context("fork")
    parts = list(parts)
    started = []
    failed = not parts
    for index in range(len(parts)):
        while len(started) < min(index + at_once, len(parts)):
            output = tempfile.TemporaryFile("w+")
            process = context.Process(target=_run_meeting, args=(parts[len(started)], output))
            process.start()
            started.append((process, output))
        process, output = started[index]
        process.join()
        output.seek(0)
        print(output.read(), end="", flush=True)
        failed = failed or process.exitcode != 0
    return 1 if failed else 0


def _run_meeting(part, output):
    end_with_parent()
    sys.stdout = sys.stderr = output
    checks = Checks()
    try:
        part(checks)
    finally:
        sys.stdout.flush()
    sys.exit(checks.status())


def skip(reason):
    """Ends the test as skipped; where CI is set a test that cannot run has failed."""
    if os.environ.get("CI"):
        print(f"FAIL cannot run, and tests are not skipped in CI: {reason}", flush=True)
        sys.exit(1)
    print(f"skipped: {reason}", flush=True)
    sys.exit(SKIPPED)


def require_tools(*tools):
    for tool in tools:
        if not shutil.which(tool):
            skip(f"{tool} is not installed")


def require_program(name):
    """Returns the path of one of this project's example programs."""
    for path in (BUILD / "examples" / name, BUILD / name):
        if os.access(path, os.X_OK):
            return path
    skip(f"{name} is not built in {BUILD}")


def require_namespaces():
    if os.geteuid() != 0:
        skip("network namespaces need root")
    if not os.path.exists("/dev/net/tun"):
        skip("/dev/net/tun is missing")
    require_tools("ip", "unshare", "nsenter", "mount", "sysctl")
    if not (PEERS / ".complete").exists():
        skip("the peers' packages are missing: run test/interop/fetch-peers.sh")
    probe = subprocess.run(
        ["unshare", "--net", "--mount", "true"], stderr=subprocess.PIPE, text=True, check=False
    )
    if probe.returncode:
        skip(f"this machine does not allow new namespaces ({probe.stderr.strip()})")


def peer_environment():
    """Lets unpacked programs find their unpacked libraries."""
    folders = [PEERS / "usr/lib/ipsec"]
    for place in ("usr/lib", "lib"):
        folders += sorted((PEERS / place).glob("*-linux-gnu*"))
    return dict(os.environ, LD_LIBRARY_PATH=":".join(str(f) for f in folders))


def ping_command(source, target, count, interval):
    options = ["-n", "-q", "-i", interval, "-W", "2", "-c", count, "-I", source]
    return [PEERS / "bin/ping", *options, target]


def pings_answered(report):
    """Reads from what ping says at its end how many requests were answered."""
    match = re.search(r"(\d+) received", report)
    return int(match.group(1)) if match else 0


def end_with_parent():
    """Runs in a child before its program starts: it must not outlive the test, however that ends."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Namespace:
    """A network namespace without a name: it is gone when the last process in it has ended."""

    def __init__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "sleep", "infinity"], preexec_fn=end_with_parent
        )
        self.file = f"/proc/{self.holder.pid}/ns/net"
        host = os.readlink("/proc/self/ns/net")
        if not wait_until(lambda: os.readlink(self.file) != host, 5, step=0.01):
            raise RuntimeError("the kernel gives no network namespace")
        for knob in ("net.ipv6.conf.all.disable_ipv6=1", "net.ipv4.ip_forward=1"):
            self.run("sysctl", "-qw", knob)
        self.run("ip", "link", "set", "lo", "up")

    def command(self, *command):
        """Returns what to execute so that a program runs in here."""
        return ["nsenter", f"--net={self.file}", *map(str, command)]

    def run(self, *command):
        return run(*self.command(*command))

    def ip(self, *arguments):
        return self.run("ip", *arguments)

    def add_tap(self, device, address):
        self.ip("tuntap", "add", "dev", device, "mode", "tap")
        self.ip("address", "add", address, "dev", device)
        self.ip("link", "set", device, "up")

    def add_wired_tap(self, device, address):
        """Puts a switch and a wire, which can be cut, between a TAP device and the address."""
        self.ip("tuntap", "add", "dev", device, "mode", "tap")
        self.ip("link", "add", "switch", "type", "bridge")
        self.ip("link", "add", "near", "type", "veth", "peer", "name", "far")
        self.ip("address", "add", address, "dev", "near")
        for port in (device, "far"):
            self.ip("link", "set", port, "master", "switch")
        for link in (device, "switch", "far", "near"):
            self.ip("link", "set", link, "up")

    def cut_wire(self):
        self.ip("link", "set", "far", "down")

    def mend_wire(self):
        self.ip("link", "set", "far", "up")

    def ping(self, source, target, count=3):
        """Returns how many of the echo requests were answered."""
        done = subprocess.run(
            self.command(*ping_command(source, target, count, 0.3)),
            env=peer_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return pings_answered(done.stdout)

    def iperf3(self, source, target, *options, seconds=60):
        """Runs iperf3 as a client; returns its report as a table, with "error" if it failed."""
        done = subprocess.run(
            self.command(PEERS / "usr/bin/iperf3", "--json", "--client", target, "--bind", source)
            + list(map(str, options)),
            env=peer_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"error": done.stdout.strip()}

    def unacknowledged(self):
        """Returns the TCP connections that have sent what the other end has not acknowledged."""
        lines = self.run("ss", "-Htan").splitlines()
        done = ("LISTEN", "TIME-WAIT", "FIN-WAIT-2")
        return [line for line in lines if not line.startswith(done) and line.split()[2] != "0"]

    def drops(self, device):
        """Returns the packets that the kernel dropped or found wrong at a device."""
        (link,) = json.loads(self.ip("-j", "-s", "link", "show", "dev", device))
        return sum(
            link["stats64"][way][kind] for way in ("rx", "tx") for kind in ("dropped", "errors")
        )


class Lab:
    """Namespaces, the processes in them, and the folder for their output."""

    def __init__(self, name):
        self.folder = BUILD / "interop" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.processes = []
        atexit.register(self.close)
        # atexit does not run when a signal kills the process.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))

    def close(self):
        for process in reversed(self.processes):
            stop(process)
        self.processes = []

    def add_namespace(self):
        namespace = Namespace()
        self.processes.append(namespace.holder)
        return namespace

    def start(self, namespace, command, log, **options):
        """Starts a program in a namespace; its output goes to a file of the lab's folder."""
        with open(self.folder / log, "wb") as output:
            process = subprocess.Popen(
                namespace.command(*command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
                **options,
            )
        self.processes.append(process)
        return process

    def capture(self, namespace, device, name):
        """Starts to capture; stop() the result to have the file complete."""
        file = self.folder / name
        process = self.start(
            namespace, ["dumpcap", "-q", "-i", device, "-w", file], f"{name}.log"
        )
        wait_until(lambda: file.exists() or process.poll() is not None, 5)
        return process

    def read(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""


class Charon:
    """strongSwan's IKE daemon in a namespace, configured by one swanctl.conf."""

    # The mount points /run and /usr/lib/ipsec are private. The latter is compiled into
    # libstrongswan and need not exist on this machine, so a tmpfs of links stands in for /usr/lib.
    START = """
set -e
mount -n -t tmpfs tmpfs /run
mkdir /run/lib
mount -t tmpfs tmpfs /run/lib
mkdir /run/lib/.host /run/lib/ipsec
mount --rbind /usr/lib /run/lib/.host
mount --bind "$1/usr/lib/ipsec" /run/lib/ipsec
for entry in /usr/lib/*; do
    name=${entry##*/}
    [ "$name" = ipsec ] || ln -s ".host/$name" "/run/lib/$name"
done
mount --move /run/lib /usr/lib
exec "$1/usr/lib/ipsec/charon"
"""

    def __init__(
        self, lab, namespace, swanctl_conf, *, tag="charon", settings="", credentials=None
    ):
        """@p credentials lists files for the folders that swanctl reads: x509ca, x509, private."""
        self.lab = lab
        self.folder = lab.folder / tag
        self.folder.mkdir()
        for kind, files in (credentials or {}).items():
            (self.folder / kind).mkdir()
            for file in files:
                shutil.copy(file, self.folder / kind)
        self.log_name = f"{tag}/charon.log"
        conf = self.folder / "strongswan.conf"
        conf.write_text(self._settings(settings))
        (self.folder / "swanctl.conf").write_text(swanctl_conf)
        self.environment = dict(
            peer_environment(), STRONGSWAN_CONF=str(conf), SWANCTL_DIR=str(self.folder)
        )
        self.process = lab.start(
            namespace,
            ["unshare", "--mount", "--propagation", "private"]
            + ["sh", "-c", self.START, "charon", PEERS],
            f"{tag}/charon.out",
            env=self.environment,
        )
        socket = pathlib.Path(f"/proc/{self.process.pid}/root/run/charon.vici")
        if not wait_until(lambda: socket.is_socket() or self.process.poll() is not None, 10):
            raise RuntimeError("charon does not open its control socket")
        loaded = self.swanctl("--load-all", "--noprompt")
        if loaded.returncode:
            raise RuntimeError(
                f"charon does not load its configuration: {loaded.stdout}\n"
                + lab.read(f"{tag}/charon.out")
            )

    def _settings(self, more):
        # libipsec blocks several threads for good, and half of the default 16 answer swanctl.
        return f"""
charon {{
    threads = 24
    load = {PLUGINS}
    install_virtual_ip = no
    retransmit_timeout = 2.0
    {more}
    filelog {{
        file {{
            path = {self.folder}/charon.log
            default = 1
            ike = 4
            chd = 4
            enc = 3
            net = 1
            flush_line = yes
        }}
    }}
}}
swanctl {{
    load = random openssl pem pkcs1 pkcs8 x509
}}
"""

    def swanctl(self, *arguments, timeout=15):
        return subprocess.run(
            ["nsenter", "-t", str(self.process.pid), "-m", "-n"]
            + [str(PEERS / "usr/sbin/swanctl"), *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )

    def initiate(self, child, seconds=8):
        """Negotiates a child and waits for the outcome."""
        return self.swanctl("--initiate", "--child", child, "--timeout", str(seconds))

    def sas(self):
        return self.swanctl("--list-sas").stdout

    def has_child(self):
        return "INSTALLED" in self.sas()

    def log(self):
        return self.lab.read(self.log_name)


def run(*command):
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stdout.strip()}")
    return done.stdout


def stop(process, seconds=5):
    """Ends a process that this test started, at once if it must be."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def wait_until(condition, seconds, step=0.1):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(step)
    return bool(condition())


def results(folder):
    """Reads the results.json of a run; an empty table if there is none."""
    path = pathlib.Path(folder) / "results.json"
    return json.loads(path.read_text()) if path.exists() else {}

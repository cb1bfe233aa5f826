"""What the scripts of this directory that are written in Python share.

Each is called with the path of `rill`, prints one line for each fact, and ends with 1 when one of
them does not hold. FAULTS=quick makes the counts small.
"""

import atexit
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

QUICK = os.environ.get("FAULTS") == "quick"
PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "rill"
SCRATCH = tempfile.mkdtemp(prefix="rill-faults-")
_mounted = []
_failed = False


def many(quick, full):
    """How often something is done."""
    return quick if QUICK else full


def ok(words):
    print("ok:", words, flush=True)


def skipped(words):
    print("skipped:", words, flush=True)


def not_ok(words, detail=""):
    """Says what does not hold; the script goes on."""
    global _failed
    _failed = True
    print("not ok:", words, flush=True)
    if detail:
        print("\n".join("    " + line for line in str(detail).splitlines()[:20]), flush=True)


def fail(words, detail=""):
    """Says what does not hold, and ends the script."""
    not_ok(words, detail)
    sys.exit(1)


def finish():
    sys.exit(1 if _failed else 0)


def demand(holds, words, detail=""):
    if not holds:
        fail(words, detail() if callable(detail) else detail)


def scratch(name):
    return os.path.join(SCRATCH, name)


def has(tool):
    return shutil.which(tool) is not None


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, **more)


def stand_alone():
    """Goes on in a name space of its own, where mounts are concerned.

    Whoever begins one while a file system is mounted keeps it mounted, and after a cut it stays cut.
    """
    if os.geteuid() == 0 and has("unshare") and "FAULTS_ALONE" not in os.environ:
        if run("unshare", "-m", "true").returncode == 0:
            os.environ["FAULTS_ALONE"] = "yes"
            shutil.rmtree(SCRATCH)
            os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])


def mount(*words):
    """Mounts the last of the words; false where that cannot be done here."""
    path = words[-1]
    os.makedirs(path, exist_ok=True)
    if run("mount", *words).returncode != 0:
        return False
    _mounted.append(path)
    return True


def unmount(path):
    run("umount", path)
    demand(not os.path.ismount(path), f"{path} cannot be unmounted")
    if path in _mounted:
        _mounted.remove(path)


@atexit.register
def _clean():
    for path in reversed(_mounted):
        run("umount", "-l", path)
    shutil.rmtree(SCRATCH, ignore_errors=True)


def feed(title, items, body=""):
    """A feed of items by their names."""
    lines = [f'<rss version="2.0"><channel><title>{title}</title>']
    for item in items:
        lines.append(
            f"<item><guid>{item}</guid><title>{item}</title><description>{body}</description></item>"
        )
    return "\n".join(lines + ["</channel></rss>", ""])


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


class Home:
    """A machine: a store, a state and an index of its own."""

    def __init__(self, name, path=None):
        self.path = path or scratch(name)
        os.makedirs(self.path, exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.path,
            "RILL_HOME": self.path,
            "RILL_FETCH_GUESS_PAUSE_SECONDS": "0",
        }

    def __call__(self, *words, before=(), environment=None, input=None, **more):
        """Runs the program to its end."""
        return subprocess.run(
            [*before, PROGRAM, *words],
            env={**self.environment, **(environment or {})},
            input=input,
            capture_output=True,
            text=True,
            **more,
        )

    def start(self, *words, before=(), environment=None, **more):
        """Starts the program."""
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(
            [*before, PROGRAM, *words], env={**self.environment, **(environment or {})}, **more
        )

    def must(self, *words, **more):
        """Runs the program, which has to end well."""
        done = self(*words, **more)
        demand(done.returncode == 0, f"rill {' '.join(words)}: status {done.returncode}", done.stderr)
        return done

    def follow(self, count, items=3, prefix="f", sync=True):
        """Follows feeds in files, and gives their paths."""
        paths = []
        for number in range(count):
            name = f"{prefix}{number:03}"
            names = [f"{name}-{item}" for item in range(items)]
            paths.append(write(f"{self.path}/feeds/{name}.xml", feed(name, names)))
        self.must("add", *([] if sync else ["--no-sync"]), *paths)
        return paths

    def articles(self, environment=None):
        """Every article by its title, as it is listed."""
        listed = self.must("list", "--all", "--ungrouped", "--json", "--limit", "10000000", environment=environment)
        rows = [json.loads(line) for line in listed.stdout.splitlines()]
        return {row["title"]: row for row in rows}, len(rows)

    def ids(self):
        return {title: row["id"] for title, row in self.articles()[0].items()}

    def forget_index(self):
        shutil.rmtree(f"{self.path}/cache", ignore_errors=True)

    def state(self, fresh=False):
        """What a person has, in a form in which equal things are equal texts."""
        environment = None
        if fresh:
            if not hasattr(self, "_bare"):
                self._bare = tempfile.mkdtemp(dir=SCRATCH)
            # The same store, read through no index.
            aside = f"{self.path}/cache"
            kept = f"{self._bare}/cache"
            if os.path.exists(aside):
                os.rename(aside, kept)
            try:
                return self.state()
            finally:
                shutil.rmtree(aside, ignore_errors=True)
                if os.path.exists(kept):
                    os.rename(kept, aside)
        exported = self("export", "state", environment=environment)
        if exported.returncode == 0:
            return exported.stdout
        listed = self.must("list", "--all", "--ungrouped", "--json", "--limit", "10000000", environment=environment)
        feeds = []
        for line in self.must("feeds", "--json").stdout.splitlines():
            row = json.loads(line)
            names = ("id", "url", "title", "site", "tags", "unread", "total")
            feeds.append(json.dumps({name: row.get(name) for name in names}, sort_keys=True))
        return "\n".join(sorted(feeds) + sorted(listed.stdout.splitlines()))

    def devices(self):
        path = f"{self.path}/store/dev"
        return sorted(os.listdir(path)) if os.path.isdir(path) else []

    def segments(self):
        """The paths of all files of lines."""
        found = []
        for device in self.devices():
            directory = f"{self.path}/store/dev/{device}"
            found += [f"{directory}/{n}" for n in sorted(os.listdir(directory)) if n.endswith(".jsonl")]
        return found

    def ends_in_whole_lines(self):
        for path in self.segments():
            with open(path, "rb") as file:
                text = file.read()
            if text and not text.endswith(b"\n"):
                return False
        return True


class Server(http.server.ThreadingHTTPServer):
    """A web site on this machine, with an ETag for each document; it notes who asked with what."""

    daemon_threads = True

    def __init__(self):
        self.documents = {}
        self.asked = []
        super().__init__(("127.0.0.1", 0), _Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Who is killed closes his connections."""

    def url(self, name):
        return f"http://127.0.0.1:{self.server_port}/{name}"


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        validator = self.headers.get("If-None-Match")
        self.server.asked.append((name, validator))
        document = self.server.documents.get(name)
        if document is None:
            self.send_error(404)
            return
        body = document.encode()
        tag = f'"{hash(document) & 0xFFFFFFFF:x}"'
        if validator == tag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

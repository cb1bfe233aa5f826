#!/usr/bin/env python3
"""Records what `rill` does to its files, and tries what a power loss could have left at any moment.

    simulated-power-loss.py RILL          needs strace

At each step of a mark, a first subscription, a sync, a purge and a compaction: every number of names
that were not on the disk for sure, together with all bytes, those that were synced, some more of them,
or zero bytes in their place. Each state is tried once, however many steps could leave it. Files are
put back with the inodes that they had, so that the device goes on as itself. Whatever is left is
opened: nothing acknowledged is missing, nothing is made up, and the next run works.
"""

import hashlib
import json
import os
import re
import shutil

from faults import QUICK, Home, demand, fail, feed, finish, has, many, ok, scratch, skipped, write

CALLS = (
    "openat,open,mkdir,mkdirat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,"
    "ftruncate,close"
)


def unhex(text):
    return re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found.group(1), 16)]), text)


class Inode:
    number = 0

    def __init__(self, data=b"", synced=True):
        self.data = bytearray(data)
        self.synced = bytes(data) if synced else b""
        # A link to the real file, where there is one.
        self.kept = None
        self._parts = {}

    def changed(self):
        self._parts = {}

    def is_synced(self):
        return self.part("all")[0] == self.synced

    def part(self, way):
        """Its bytes when so much of it is on the disk, and their hash; equal ones stand in memory once."""
        if way not in self._parts:
            data = self._cut(way)
            self._parts[way] = (data, hashlib.sha256(data).digest())
        return self._parts[way]

    def _cut(self, way):
        data, synced = bytes(self.data), self.synced
        if way == "all" or data == synced:
            return data
        if way == "synced":
            return synced
        new = len(data) - len(synced)
        if not data.startswith(synced) or new <= 0:
            # Written in place: one or the other.
            return synced if way in ("zero", "hole", 0) else data
        if way == "zero":
            return synced + bytes(new)
        if way == "hole":
            return synced + bytes(min(4096, new)) + data[len(synced) + min(4096, new):]
        if way == -2:
            return data[: len(synced) + new // 2]
        if way == -1:
            return data[:-1]
        return data[: len(synced) + min(way, new)]


class Recorder:
    """The files below a home, as they are in memory and as they are on the disk for sure."""

    def __init__(self, home):
        self.home = home
        self.every_byte = False
        self.files = {}
        self.directories = set()
        for directory, _, names in os.walk(home):
            self.directories.add(directory)
            for name in names:
                path = os.path.join(directory, name)
                with open(path, "rb") as file:
                    self.files[path] = Inode(file.read())
        self.keep()
        # What is known of names: the state before, and what happened since.
        self.names = dict(self.files)
        self.known_directories = set(self.directories)
        self.happened = []
        self.sure = 0
        self.open = {}

    def keep(self):
        """Holds on to the real files, so that they can be put back with their inodes."""
        for path, inode in self.files.items():
            if inode.kept is None and not self.cache(path) and os.path.exists(path):
                inode.kept = scratch(f"kept-{Inode.number}")
                Inode.number += 1
                os.link(path, inode.kept)

    def note(self, kind, *what):
        self.happened.append((kind, *what))

    def play(self, call, words, result):
        """One call; true when something of the store or the state has changed."""
        if call in ("openat", "open"):
            path = words[1] if call == "openat" else words[0]
            at = words[0] if call == "openat" else ""
            flags = words[2] if call == "openat" else words[1]
            path = self.resolve(at, path)
            number = int(result.split("<")[0])
            self.open.pop(number, None)
            if path is None:
                return False
            self.open[number] = path
            changed = False
            if "O_CREAT" in flags and path not in self.files:
                self.files[path] = Inode(synced=False)
                self.note("file", path, self.files[path])
                changed = True
            if "O_TRUNC" in flags and path in self.files:
                self.files[path].data = bytearray()
                self.files[path].changed()
            if path in self.files:
                self.open[number] = self.files[path]
            return changed
        if call in ("mkdir", "mkdirat"):
            path = self.resolve(words[0] if call == "mkdirat" else "", words[-2])
            if path:
                self.directories.add(path)
                self.note("directory", path)
            return path is not None
        if call.startswith("rename"):
            if call == "rename":
                old, new = self.resolve("", words[0]), self.resolve("", words[1])
            else:
                old, new = self.resolve(words[0], words[1]), self.resolve(words[2], words[3])
            if old and old in self.files:
                self.files[new] = self.files.pop(old)
                self.note("rename", old, new)
                return True
            return False
        if call in ("unlink", "unlinkat"):
            path = self.resolve(words[0] if call == "unlinkat" else "", words[1 if call == "unlinkat" else 0])
            if path in self.files:
                del self.files[path]
                self.note("unlink", path)
                return True
            return False
        number = int(words[0].split("<")[0])
        target = self.open.get(number)
        if call == "close":
            self.open.pop(number, None)
            return False
        if target is None:
            return False
        if call in ("fsync", "fdatasync"):
            if isinstance(target, Inode):
                target.synced = bytes(target.data)
                target.changed()
            else:
                for place in range(len(self.happened), 0, -1):
                    if any(os.path.dirname(w) == target for w in self.happened[place - 1][1:] if isinstance(w, str)):
                        self.sure = max(self.sure, place)
                        break
            return True
        if not isinstance(target, Inode):
            return False
        if call == "ftruncate":
            size = int(words[1])
            target.data = target.data[:size] + bytes(max(0, size - len(target.data)))
            target.changed()
            return True
        bytes_written = self.bytes[: int(result)]
        start = len(target.data) if call == "write" else int(words[-1])
        if len(target.data) < start:
            target.data += bytes(start - len(target.data))
        target.data[start:start + len(bytes_written)] = bytes_written
        target.changed()
        return True

    def resolve(self, at, path):
        path = unhex(path.strip('"').encode()).decode(errors="replace")
        if not path.startswith("/"):
            found = re.search(r"<(.*)>", at)
            if not found:
                return None
            path = os.path.join(unhex(found.group(1).encode()).decode(errors="replace"), path)
        path = os.path.normpath(path)
        return path if path.startswith(self.home) else None

    def cache(self, path):
        return path.startswith(self.home + "/cache")

    def states(self):
        """What could be left now: names by number, and the bytes of what is not synced."""
        for count in range(self.sure, len(self.happened) + 1):
            files, directories = dict(self.names), set(self.known_directories)
            for kind, *what in self.happened[:count]:
                if kind == "file":
                    files[what[0]] = what[1]
                elif kind == "directory":
                    directories.add(what[0])
                elif kind == "rename" and what[0] in files:
                    files[what[1]] = files.pop(what[0])
                elif kind == "unlink":
                    files.pop(what[0], None)
            # The index is a picture, and its bytes are all there: the worst for what it refers to.
            for path in [path for path in self.files if self.cache(path)]:
                files[path] = self.files[path]
            unsure = [i for p, i in files.items() if not self.cache(p) and not i.is_synced()]
            ways = ["all", "synced"] if unsure else ["all"]
            if unsure:
                ways += ["zero", 0, 1, -2, -1]
                longest = max(len(i.data) - len(i.synced) for i in unsure)
                ways += list(range(4096, min(longest, 4096 * 4), 4096)) + ["hole"]
                # Of a line that is added, every byte.
                if self.every_byte:
                    ways += range(2, min(longest, 1024))
            for way in ways:
                tree = {
                    path: (inode, *inode.part("all" if self.cache(path) else way))
                    for path, inode in files.items()
                }
                yield directories, tree, f"{count} of {len(self.happened)} names, bytes: {way}"


def calls(path):
    """The calls of a recording, those of several threads put together again."""
    waiting = {}
    for line in open(path, "rb"):
        match = re.match(rb"(\d+) +(.*)", line.rstrip(b"\n"))
        if not match:
            continue
        thread, rest = match.groups()
        if rest.endswith(b"<unfinished ...>"):
            waiting[thread] = rest[: -len(b"<unfinished ...>")]
            continue
        resumed = re.match(rb"<\.\.\. \w+ resumed>(.*)", rest)
        if resumed:
            rest = waiting.pop(thread, b"") + resumed.group(1)
        found = re.match(rb"(\w+)\((.*)\)\s+= (\d+.*)$", rest)
        if found:
            yield found.group(1).decode(), found.group(2), found.group(3).decode()


def attempt(what, home, words, said, check, environment=None, every_byte=False):
    """Records a command, and checks everything that a power loss could leave at any step of it."""
    recorder = Recorder(home.path)
    recorder.every_byte = every_byte and not QUICK
    trace = scratch("trace")
    done = home(
        *words, environment={"LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1", **(environment or {})},
        before=["strace", "-f", "-qq", "-xx", "-y", "-s", "16777216", "-o", trace, "-e", f"trace={CALLS}"],
    )
    demand(done.returncode == 0, f"{what}: rill {' '.join(words)}", done.stderr)
    seen, steps, tried = set(), 0, 0
    acknowledged = False
    pending = []

    def note(call):
        nonlocal steps
        steps += 1
        for directories, tree, how in recorder.states():
            names = sorted((path, digest) for path, (_, _, digest) in tree.items())
            mark = hashlib.sha256(repr((acknowledged, sorted(directories), names)).encode()).digest()
            if mark not in seen:
                seen.add(mark)
                pending.append((directories, tree, acknowledged, f"{what}, step {steps} ({call}), {how}"))

    # The index is written in many small steps: what stands in it before something else happens.
    waits = 0
    for call, text, result in calls(trace):
        recorder.bytes = b""
        says = False
        if call in ("write", "pwrite64"):
            first, _, rest = text.partition(b', "')
            body, _, tail = rest.partition(b'"')
            recorder.bytes = unhex(body)
            words_of = [first.decode(errors="replace")] + tail.decode(errors="replace").lstrip(", ").split(", ")
            says = bool(said) and first.split(b"<")[0] in (b"1", b"2") and said.encode() in recorder.bytes
        else:
            words_of = text.decode(errors="replace").split(", ")
        is_index = b"/cache/" in unhex(text.split(b", ")[1 if call == "openat" else 0])
        if waits and not is_index and call != "close":
            note("index")
            waits = 0
        try:
            changed = recorder.play(call, words_of, result.split(" ")[0])
        except (ValueError, IndexError) as error:
            fail(f"{what}: the recording is not understood: {call} {words_of} {error}")
        acknowledged = acknowledged or says
        if changed and is_index:
            waits += 1
            if waits % 16 == 0:
                note(call)
        elif changed or says:
            note(call)
    note("end")
    recorder.keep()
    demand(acknowledged or not said, f"{what}: it was never acknowledged")
    step = max(1, len(pending) // many(25, 4000))
    for directories, tree, is_sure, where in pending[::step] + pending[-1:]:
        shutil.rmtree(home.path)
        for directory in sorted(directories):
            os.makedirs(directory, exist_ok=True)
        for path, (inode, data, _) in tree.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if inode.kept:
                os.link(inode.kept, path)
            with open(path, "wb") as file:
                file.write(data)
        check(is_sure, where)
        tried += 1
    ok(f"{what}: {steps} steps, {len(seen)} different states, {tried} of them tried, nothing lost or made up")


def marks():
    home = Home("mark")
    home.follow(1, items=3)
    ids = sorted(home.ids().values())
    before = home.state()
    home.must("mark", "read", ids[0])
    after = home.state()
    home.must("mark", "unread", ids[0])
    before = home.state()

    def check(is_sure, where):
        for fresh in (False, True):
            if fresh:
                home.forget_index()
            state = home.state()
            demand(state in (before, after), where + ": the state is neither before nor after", state)
            demand(state == after or not is_sure, where + ": an acknowledged mark is lost")
        home.must("mark", "star", ids[1])
        row = [row for row in home.articles()[0].values() if row["id"] == ids[1]][0]
        demand(row["starred"], where + ": the next mark")
        demand(home("doctor").returncode in (0, 1), where + ": the doctor")
        demand(len(home.devices()) == 1, where + ": another device", home.devices())

    attempt("a mark", home, ["mark", "read", ids[0]], "Marked", check, every_byte=True)


def first():
    home = Home("first")
    source = write(scratch("sources/first.xml"), feed("First", ["one", "two"]))

    def check(is_sure, where):
        listed = home("list", "--all", "--json")
        demand(listed.returncode == 0, where + f": the list ends with {listed.returncode}", listed.stderr)
        if is_sure:
            home.forget_index()
            demand(sorted(home.articles()[0]) == ["one", "two"], where + ": what was added is not there")
        added = home("add", source)
        demand(added.returncode == 0, where + ": the next add", added.stderr)
        home.must("sync", source, environment={"RILL_NOW": "2040-01-01T00:00:00Z"})
        rows, count = home.articles()
        demand(sorted(rows) == ["one", "two"] and count == 2, where + ": articles afterwards", list(rows))
        demand(home.state() == home.state(fresh=True), where + ": the index says something else")

    attempt("a first subscription", home, ["add", source], "new", check)


def syncs():
    home = Home("sync")
    paths = []
    for number in range(5):
        paths.append(write(scratch(f"sources/s{number}.xml"), feed(f"s{number}", [f"s{number}-old"])))
    home.must("add", *paths, environment={"RILL_NOW": "2030-01-01T00:00:00Z"})
    old = set(home.ids())
    for number, path in enumerate(paths):
        write(path, feed(f"s{number}", [f"s{number}-old", f"s{number}-new"], "x" * 3000))
    wanted = old | {f"s{number}-new" for number in range(5)}

    def check(is_sure, where):
        rows, count = home.articles()
        demand(len(rows) == count and old <= set(rows) <= wanted, where + ": articles", list(rows))
        demand(set(rows) == wanted or not is_sure, where + ": what was reported is not there", list(rows))
        # The index may be ahead of what the disk has: nothing may be thought to be stored that is not.
        home.must("sync", *paths, environment={"RILL_NOW": "2030-02-01T00:00:00Z"})
        rows, count = home.articles()
        demand(set(rows) == wanted and count == len(rows), where + ": articles after the next sync",
               sorted(wanted - set(rows)))
        demand(home.state() == home.state(fresh=True), where + ": the index says something else")

    attempt("a sync of 5 feeds", home, ["sync", "--json"], '"new"', check,
            environment={"RILL_NOW": "2030-01-05T00:00:00Z"})


def seal(home, clock):
    """Files that are full take 4 MiB; one that has a next one is sealed just the same."""
    for kind in "ja":
        last = [path for path in home.segments() if f"/{kind}-" in path][-1]
        number = int(last[-12:-6]) + 1
        write(f"{os.path.dirname(last)}/{kind}-{number:06}.jsonl", "")
    write(home.source, feed("f", ["later"]))
    home.must("sync", home.source, environment={"RILL_NOW": clock})
    home.must("mark", "star", home.ids()["later"], environment={"RILL_NOW": clock})


STEPS = [
    ("a purge", ["gc", "--older-than", "10d"], "2027-01-20T00:00:00Z", "urged"),
    ("a compaction", ["gc"], "2027-03-10T00:00:00Z", ""),
    ("the removal of old files", ["gc"], "2027-04-20T00:00:00Z", ""),
]


def purges_and_compactions():
    for number, (what, words, clock, said) in enumerate(STEPS):
        home = Home(f"gc{number}")
        # As many as the first document had are never purged.
        home.source = write(f"{home.path}/feeds/f.xml", feed("f", ["first"]))
        home.must("add", home.source, environment={"RILL_NOW": "2026-12-31T00:00:00Z"})
        write(home.source, feed("f", [f"f{item}" for item in range(20)], "body " * 50))
        day = {"RILL_NOW": "2027-01-01T00:00:00Z"}
        home.must("sync", home.source, environment=day)
        for turn in range(9):
            home.must("mark", ["read", "unread"][turn % 2], "--all", environment=day)
        seal(home, "2027-01-02T00:00:00Z")
        write(home.source, feed("f", ["last"]))
        home.must("sync", home.source, environment={"RILL_NOW": "2027-01-03T00:00:00Z"})
        for _, earlier, then, _ in STEPS[:number]:
            home.must(*earlier, environment={"RILL_NOW": then})
        environment = {"RILL_NOW": clock}
        before, files = home.state(), home.segments()
        last = home.ids()["last"]
        copy = Home(f"copy{number}", path=shutil.copytree(home.path, scratch(f"copy{number}")))
        copy.must(*words, environment=environment)
        after = copy.state()

        def check(is_sure, where):
            for fresh in (False, True):
                if fresh:
                    home.forget_index()
                state = home.state()
                demand(state in (before, after), where + ": the state is neither before nor after")
                demand(state == after or not is_sure, where + ": what was acknowledged is lost")
            home.must(*words, environment=environment)
            demand(home.state() == after, where + ": the state after the next run")
            # It goes on, as the device that it was.
            home.must("mark", "star", last, environment=environment)
            demand(len(home.devices()) == 1, where + ": another device", home.devices())

        demand((before == after) == (number > 0), f"{what}: the state")
        attempt(what, home, words, said, check, environment=environment, every_byte=number == 0)
        new = {name for name in home.segments()} ^ set(files)
        demand(number == 0 or len(new) == 2, f"{what}: files", sorted(new))


def large_compaction():
    home = Home("large")
    home.follow(1, items=400)
    # Marks that overwrite each other fill the first segment, which takes 4 MiB.
    turn = 0
    while len([p for p in home.segments() if "/j-" in p]) < 2:
        turn += 1
        home.must("mark", ["read", "unread"][turn % 2], "--all",
                  environment={"RILL_NOW": f"2027-01-01T00:{turn // 60 % 60:02}:{turn % 60:02}Z"})
    before = home.state()
    environment = {"RILL_NOW": "2029-01-01T00:00:00Z"}

    def check(is_sure, where):
        for fresh in (False, True):
            if fresh:
                home.forget_index()
            demand(home.state() == before, where + ": the state is another one")
        home.must("gc", environment=environment)
        demand(home.state() == before, where + ": the state after the next gc is another one")

    attempt("a compaction of 4 MiB", home, ["gc"], "", check, environment=environment)
    demand(any("/snap-" in path for path in home.segments()), "nothing was compacted", home.segments())


if not has("strace"):
    skipped("there is no strace")
else:
    marks()
    first()
    syncs()
    purges_and_compactions()
    if not QUICK:
        large_compaction()
finish()

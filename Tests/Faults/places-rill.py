#!/usr/bin/env python3
"""Puts `rill` where it may not write, and puts garbage where its index and its locks are.

    places-rill.py RILL          needs root for a file system that takes no writes, and setpriv
"""

import os
import shutil
import stat
import subprocess
import time

from faults import (
    PROGRAM, Home, demand, feed, finish, has, many, mount, ok, run, scratch, skipped, unmount, write,
)


def read_only(kind):
    home = Home(f"ro-{kind}")
    home.follow(3)
    article = sorted(home.ids().values())[0]
    if kind == "file system":
        disk = scratch("ro")
        if not mount("-t", "tmpfs", "-o", "size=32m", "none", disk):
            skipped("no file system can be mounted here")
            return
        shutil.copytree(home.path, disk + "/home")
        there = Home("ro-there", path=disk + "/home")
        there.must("mark", "star", article)
        state = there.state()
        run("mount", "-o", "remount,ro", disk)
        before = []
    else:
        there = home
        state = there.state()
        before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        for directory, names, files in os.walk(home.path):
            os.chmod(directory, 0o755)
            for name in files:
                os.chmod(os.path.join(directory, name), 0o644)
        os.chmod(os.path.dirname(home.path), 0o755)
    for words in (["list"], ["list", "--all", "--json"], ["feeds"], ["show", article]):
        done = there(*words, before=before)
        demand(done.returncode == 0 and done.stdout, f"{kind}: rill {' '.join(words)}: {done.returncode}", done.stderr)
    for words in (["search", "f000"], ["export", "state"], ["export", "opml"]):
        done = there(*words, before=before)
        # 64 is a program that has no such command.
        demand(done.returncode in (0, 64), f"{kind}: rill {' '.join(words)}: {done.returncode}", done.stderr)
    mark = there("mark", "read", article, before=before)
    demand(mark.returncode == 77, f"{kind}: a mark ends with {mark.returncode}", mark.stderr)
    demand(there.path in mark.stderr and "Nothing was changed" in mark.stderr, f"{kind}: the sentence", mark.stderr)
    if kind == "file system":
        demand(there.state() == state, f"{kind}: the state")
        run("mount", "-o", "remount,rw", disk)
    there.must("mark", "read", article)
    if kind == "file system":
        unmount(disk)
    ok(f"{kind}: lists go on, a mark ends with 77: {mark.stderr.strip()}")


def indexes():
    home = Home("indexes")
    home.follow(5)
    ids = sorted(home.ids().values())
    home.must("mark", "read", *ids[:4])
    home.must("mark", "tag:later", ids[5])
    state = home.state()
    index = home.path + "/cache/index.sqlite"
    good = open(index, "rb").read()

    def sqlite(sql):
        def change():
            import sqlite3
            base = sqlite3.connect(index)
            base.executescript(sql)
            base.close()
        return change

    def replace(text):
        def change():
            for suffix in ("-wal", "-shm"):
                if os.path.exists(index + suffix):
                    os.remove(index + suffix)
            with open(index, "wb") as file:
                file.write(text)
        return change

    def directory():
        home.forget_index()
        os.makedirs(index)

    faults = [
        ("deleted", home.forget_index),
        ("empty", replace(b"")),
        ("of zero bytes", replace(bytes(len(good)))),
        ("garbage", replace(bytes(range(256)) * 400)),
        ("garbage behind a good header", replace(good[:100] + os.urandom(len(good) - 100))),
        ("of a newer version", sqlite("PRAGMA user_version = 999999")),
        ("of another program", sqlite("PRAGMA application_id = 42")),
        ("without its tables", sqlite("DROP TABLE article")),
        ("a directory", directory),
        ("without its log", lambda: [os.remove(index + s) for s in ("-wal",) if os.path.exists(index + s)]),
        ("with a log of garbage", lambda: open(index + "-wal", "wb").write(os.urandom(8192))),
    ]
    faults += [
        (f"cut at {share} of 8", replace(good[: len(good) * share // 8])) for share in range(1, 8)
    ]
    page = 4096
    step = many(8, 1)
    for number in range(0, len(good) // page, step):
        text = bytearray(good)
        text[number * page:(number + 1) * page] = bytes(page)
        faults.append((f"with page {number} zeroed", replace(bytes(text))))
        text = bytearray(good)
        text[number * page:(number + 1) * page] = os.urandom(page)
        faults.append((f"with page {number} overwritten", replace(bytes(text))))
    for name, change in faults:
        change()
        demand(home.state() == state, f"an index {name}: the output is another one")
        done = home("mark", "star", ids[0])
        demand(done.returncode == 0, f"an index {name}: a mark ends with {done.returncode}", done.stderr)
        home.must("mark", "unstar", ids[0])
        after = home.state()
        demand(after == home.state(fresh=True), f"an index {name}: afterwards")
        if os.path.isdir(index):
            home.forget_index()
        home.state()
    # The directory cannot be written.
    if has("setpriv"):
        for directory, _, files in os.walk(home.path):
            os.chmod(directory, 0o777)
            for name in files:
                os.chmod(os.path.join(directory, name), 0o666)
        os.chmod(home.path + "/cache", 0o555)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chmod(os.path.dirname(home.path), 0o755)
        home.forget_index()
        os.makedirs(home.path + "/cache", mode=0o555)
        listed = home("list", "--all", "--json", before=nobody)
        demand(listed.returncode == 0, "a cache that cannot be written", listed.stderr)
        plain = home.must("list", "--all", "--json")
        demand(listed.stdout == plain.stdout, "a cache that cannot be written: the output is another one")
    ok(f"indexes: {len(faults)} kinds of damage, and a cache that cannot be written; the output is the same each time")


def locks():
    home = Home("locks")
    home.follow(2)
    article = sorted(home.ids().values())[0]
    home.must("sync")
    files = []
    for directory, _, names in os.walk(home.path + "/state"):
        files += [os.path.join(directory, name) for name in names if name.endswith("lock")]
    demand(len(files) >= 3, "there are locks", files)
    for text in (b"1\n", str(os.getpid()).encode(), b"\0\xff garbage" * 99, b"-1", b"999999999999999999999"):
        for path in files:
            with open(path, "wb") as file:
                file.write(text)
        home.must("mark", "read", article)
        home.must("mark", "unread", article)
        home.must("sync")
    for path in files:
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
    ok(f"{len(files)} lock files with foreign numbers and garbage stop nobody")


def gone():
    home = Home("gone")
    home.follow(2)
    os.rename(home.path + "/store", home.path + "/elsewhere")
    for words in (["list"], ["mark", "read", "--all"], ["sync"], ["add", home.path + "/feeds/f000.xml"]):
        done = home(*words)
        demand(done.returncode == 66, f"a store that is gone: rill {words[0]} ends with {done.returncode}", done.stderr)
        demand(not os.path.exists(home.path + "/store"), f"rill {words[0]} began a new store")
    os.rename(home.path + "/elsewhere", home.path + "/store")
    home.must("mark", "read", "--all")
    ok("a store that is gone is refused with 66 by list, mark, sync and add, and none is begun")


def outputs():
    home = Home("outputs")
    home.follow(4, items=500)
    for line in (
        "list | head -1", "list --json | head -1", "list --all --tsv | head -1", "feeds | true",
        "mark read --all 2>/dev/null | true",
    ):
        done = subprocess.run(
            ["bash", "-c", f'set -o pipefail; "$0" {line}; echo "${{PIPESTATUS[0]}}" >&2', PROGRAM],
            env=home.environment, capture_output=True, text=True,
        )
        last = done.stderr.strip().splitlines()[-1]
        demand(last in ("0", "141", "74"), f"rill {line}: status {last}", done.stderr)
        demand(len(done.stderr.strip().splitlines()) == 1, f"rill {line}: words", done.stderr)
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        done = subprocess.run(["bash", "-c", f'"$0" mark unread --all {closed}', PROGRAM], env=home.environment, stderr=subprocess.DEVNULL)
        demand(done.returncode == 0, f"mark {closed}: status {done.returncode}")
        done = subprocess.run(["bash", "-c", f'"$0" mark read --all {closed}', PROGRAM], env=home.environment, stderr=subprocess.DEVNULL)
        demand(done.returncode == 0, f"mark {closed}: status {done.returncode}")
    demand("damage" not in home("doctor").stdout, "the store is damaged", home("doctor").stdout)
    demand(home.state() == home.state(fresh=True), "the index says something else")
    demand(all(row["read"] for row in home.articles()[0].values()), "the marks")
    ok("closed outputs end the program quietly, with the store as it should be")


def heirs():
    """A child that outlives a sync holds no lock."""
    home = Home("heirs")
    paths = home.follow(1)
    # A feed whose password comes from a command that leaves a child behind.
    left = scratch("left")
    done = home(
        "set", paths[0], "--user", "ann", "--password-command", f"sh -c 'sleep 5 & echo $! >{left}; echo secret'",
    )
    server = None
    if done.returncode == 0:
        home("sync", "--force")
    child = subprocess.Popen(
        ["bash", "-c", '"$0" sync --force >/dev/null 2>&1; sleep 30 & echo $!', PROGRAM],
        env=home.environment, stdout=subprocess.PIPE, text=True,
    )
    pid = int(child.stdout.readline())
    try:
        begun = time.monotonic()
        home.must("sync", "--force")
        home.must("mark", "read", "--all")
        demand(time.monotonic() - begun < 5, "a child keeps the lock")
    finally:
        os.kill(pid, 9)
        child.wait()
    ok("a child that outlives us holds no lock")


def links():
    """Links planted where the store is written are refused, and their targets stay."""
    home = Home("links")
    home.follow(1)
    article = sorted(home.ids().values())[0]
    target = write(scratch("target"), "precious\n")
    journal = [path for path in home.segments() if "/j-" in path][0]
    kept = open(journal).read()
    os.remove(journal)
    os.symlink(target, journal)
    done = home("mark", "read", article)
    demand(open(target).read() == "precious\n", "the target of a link was written")
    demand(done.returncode in (0, 1, 74), f"a link as a journal: status {done.returncode}", done.stderr)
    os.remove(journal)
    write(journal, kept)
    home.must("mark", "unread", article)
    home.must("mark", "read", article)
    elsewhere = scratch("elsewhere")
    os.makedirs(elsewhere)
    os.symlink(elsewhere, home.path + "/store/dev/abcdefgh")
    write(elsewhere + "/j-000001.jsonl", '{"at":"2050-01-01T00:00:00Z","op":"set","key":"read","val":false,"ids":["%s"]}\n' % article)
    read = [row["read"] for row in home.articles()[0].values() if row["id"] == article]
    demand(read == [True], "a linked device is read")
    demand(os.listdir(elsewhere) == ["j-000001.jsonl"], "something was written behind a link")
    ok("links planted as a journal and as a device are not followed")


if os.geteuid() == 0 and has("setpriv"):
    read_only("file system")
    read_only("other user")
else:
    skipped("only root can make a file system or become another user")
indexes()
locks()
gone()
outputs()
heirs()
links()
finish()

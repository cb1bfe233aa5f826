#!/usr/bin/env python3
"""Kills `rill` on entering each of its system calls: of a mark, of a first subscription, of a sync.

    kill-rill-at-syscall.py RILL          needs strace

A mark is there or not, and is there when it was acknowledged. A sync that is run again brings the
rest, each article once. The index that a kill left says what a new one says. The next run works.
"""

import json
import os

from faults import Home, demand, fail, feed, has, many, ok, skipped, write

# What changes files, and what in between may be cut; in a quick run only the first.
CHANGING = "write pwrite64 fdatasync fsync ftruncate renameat unlink unlinkat mkdir mkdirat flock".split()
OTHERS = "openat fcntl pread64 newfstatat close getdents64 fchmod lseek read mmap munmap".split()
CALLS = many(["write", "pwrite64", "fdatasync", "renameat"], CHANGING + OTHERS)
# The counts of strace are those of one thread; so all work is done by as few as can be.
ONE_THREAD = {"LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1"}


def tidy(home):
    """Throws a log of the index away that kills have made long.

    Each process reads it all, so with every kill there were more calls than before, without end.
    """
    log = home.path + "/cache/index.sqlite-wal"
    if os.path.exists(log) and os.path.getsize(log) > 200_000:
        home.forget_index()
        home.state()


def points(home, *words, environment=None, prepare=None):
    """Runs a command again and again, and kills it at one call later each time."""
    for call in CALLS:
        number = 1
        while True:
            if prepare:
                home, environment = prepare()
            killing = [
                "strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                "-e", f"inject={call}:signal=KILL:when={number}",
            ]
            done = home(*words, before=killing, environment={**ONE_THREAD, **(environment or {})})
            was_killed = done.returncode in (-9, 137)
            yield home, done, was_killed, f"{call} number {number}"
            if not was_killed:
                break
            number += 1


def marks():
    home = Home("marks")
    home.follow(1, items=2)
    first, second = sorted(home.ids().values())
    killed = kept = 0
    states = {}
    for value in ("read", "unread"):
        home.must("mark", value, first)
        states[value] = home.state()
    now = "unread"
    for call in CALLS:
        number = 1
        while True:
            # Each time the other value, so that there is always something to write.
            wanted = "read" if now == "unread" else "unread"
            done = home(
                "mark", wanted, first, environment=ONE_THREAD,
                before=["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                        "-e", f"inject={call}:signal=KILL:when={number}"],
            )
            was_killed = done.returncode in (-9, 137)
            where = f"a mark killed at {call} number {number}"
            state = home.state()
            demand(state in states.values(), where + ": the state is neither before nor after", state)
            if done.returncode == 0 or "Marked" in done.stderr:
                demand(state == states[wanted], where + ": an acknowledged mark is lost", done.stderr)
            demand(was_killed or done.returncode == 0, where + ": status", done.stderr)
            kept += was_killed and state == states[wanted]
            if number % 8 == 0:
                demand(state == home.state(fresh=True), where + ": the index says something else")
            now = "read" if state == states["read"] else "unread"
            tidy(home)
            if not was_killed:
                break
            killed += 1
            number += 1
    demand(home.state() == home.state(fresh=True), "the index says something else at the end")
    demand(len(home.devices()) == 1, "a kill made another device", home.devices())
    ok(f"marks: killed at {killed} calls; {kept} marks were on the disk all the same; none lost")


def first_subscriptions():
    killed = valid = 0
    source = write(Home("source").path + "/feed.xml", feed("First", ["one", "two"]))
    turn = 0

    def prepare():
        nonlocal turn
        turn += 1
        return Home(f"first{turn}"), None

    for home, done, was_killed, where in points(None, "add", source, prepare=prepare):
        listed = home("list", "--json")
        demand(listed.returncode == 0, f"a first add killed at {where}: the list", listed.stderr)
        valid += os.path.exists(home.path + "/store/store.json")
        # A feed that is followed already is not fetched by adding it again.
        home.must("add", source)
        home.must("sync")
        titles, count = home.articles()
        demand(
            sorted(titles) == ["one", "two"] and count == 2,
            f"a first add killed at {where}: articles", list(titles),
        )
        demand(len(home.devices()) == 1, f"a first add killed at {where}: devices", home.devices())
        killed += was_killed
    ok(f"first subscriptions: killed at {killed} calls; {valid} left a store, all were made good")


def syncs():
    count = 20
    killed = 0
    home = Home("syncs")
    paths = home.follow(count, items=1, sync=False)
    day = 0
    size = 0
    for call in CALLS:
        number = 1
        while True:
            if size > 1500:
                home = Home(f"syncs{day}")
                paths = home.follow(count, items=1, sync=False)
                size = 0
            day += 1
            for path in paths:
                name = os.path.basename(path)[:-4]
                write(path, feed(name, [f"{name}-day{day}"]))
            # Each sync is a day later, so that every feed is due.
            clock = f"20{30 + day // 336:02}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T0"
            done = home(
                "sync", "--json", environment={**ONE_THREAD, "RILL_NOW": clock + "1:00:00Z"},
                before=["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                        "-e", f"inject={call}:signal=KILL:when={number}"],
            )
            was_killed = done.returncode in (-9, 137)
            where = f"a sync killed at {call} number {number}"
            before, rows = home.articles()
            demand(len(before) == rows, where + ": an article is listed twice")
            if done.stdout.strip():
                new = json.loads(done.stdout)["new"]
                there = sum(title.endswith(f"-day{day}") for title in before)
                demand(new == there, where + f": {new} articles were reported, {there} are there")
            if was_killed:
                later = {"RILL_NOW": clock + "2:00:00Z"}
                again = home("sync", "--json", *paths, environment=later)
                demand(again.returncode == 0, where + ": the next sync", again.stderr)
            after, rows = home.articles()
            size = rows
            there = sum(title.endswith(f"-day{day}") for title in after)
            demand(there == count, where + f": {there} of {count} articles after the next sync")
            demand(len(after) == rows, where + ": an article is listed twice after the next sync")
            demand(set(before) <= set(after), where + ": articles are gone")
            if number % 10 == 0:
                demand(home.state() == home.state(fresh=True), where + ": the index says something else")
            tidy(home)
            if not was_killed:
                break
            killed += 1
            number += 1
    demand(home.state() == home.state(fresh=True), "the index says something else at the end")
    demand(len(home.devices()) == 1, "a kill made another device", home.devices())
    ok(f"syncs of {count} feeds: killed at {killed} calls; the next sync brought the rest each time")


if not has("strace"):
    skipped("there is no strace")
else:
    marks()
    first_subscriptions()
    syncs()

#!/usr/bin/env python3
"""Makes system calls of `rill` fail, one at a time, in a mark and in a sync.

    failing-rill.py RILL          needs strace

A command ends well, or with a status of its own and a sentence. What ended well is there; what a
full disk refused is not; files end in whole lines; the next run works and brings the rest.
"""

import json

from faults import Home, demand, feed, finish, has, many, ok, skipped, write

ONE_THREAD = {"LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1"}
# What fails, and which statuses the command may end with.
FAILURES = [
    ("write", "ENOSPC"), ("write", "EDQUOT"), ("write", "EIO"), ("write", "EINTR"),
    ("fdatasync", "EIO"), ("fdatasync", "EINTR"), ("fsync", "EIO"), ("fsync", "EINTR"),
    ("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("flock", "EINTR"), ("flock", "ENOLCK"),
    ("pread64", "EIO"), ("openat", "EMFILE"), ("openat", "EACCES"), ("renameat", "EIO"),
] if many(False, True) else [
    ("write", "ENOSPC"), ("write", "EINTR"), ("fdatasync", "EIO"), ("pwrite64", "ENOSPC"),
    ("flock", "EINTR"), ("flock", "ENOLCK"),
]
# 127 is the loader, which needs openat as well; 64 cannot find the program's own settings.
STATUSES = {0, 1, 66, 69, 74, 77, 127}


def injected(call, error, number):
    return [
        "strace", "-qq", "-f", "-o", trace, "-e", f"trace={call}",
        "-e", f"inject={call}:error={error}:when={number}",
    ]


def was_injected():
    with open(trace) as file:
        return "(INJECTED)" in file.read()


def marks():
    home = Home("marks")
    home.follow(1, items=2)
    article = sorted(home.ids().values())[0]
    states = {}
    for value in ("read", "unread"):
        home.must("mark", value, article)
        states[value] = home.state()
    now = "unread"
    points = refused = 0
    for call, error in FAILURES:
        number = 1
        while True:
            wanted = "read" if now == "unread" else "unread"
            done = home("mark", wanted, article, before=injected(call, error, number))
            where = f"a mark, {call} number {number} fails with {error}"
            demand(done.returncode in STATUSES, f"{where}: status {done.returncode}", done.stderr)
            if not was_injected():
                # It was hit by nothing, and so it is done.
                now = wanted
                break
            state = home.state()
            demand(state in states.values(), where + ": the state is neither before nor after", state)
            if done.returncode == 0:
                demand(state == states[wanted], where + ": it ended well and is not there", done.stderr)
            if "Nothing was changed" in done.stderr:
                refused += 1
                demand(state == states[now], where + ": it was refused and is there", done.stderr)
            if error == "EINTR" and call != "write":
                demand(done.returncode == 0, where + ": it shows", done.stderr)
            if done.returncode == 74 and call != "write":
                demand(done.stderr.startswith("rill: "), where + ": no sentence", done.stderr)
            demand(home.ends_in_whole_lines(), where + ": half a line stays")
            now = "read" if state == states["read"] else "unread"
            other = "unread" if now == "read" else "read"
            home.must("mark", other, article)
            now = other
            demand(home.state() == states[now], where + ": the next mark")
            points += 1
            number += 1
    demand(home.state() == home.state(fresh=True), "the index says something else at the end")
    ok(f"marks: {points} calls failed, {refused} marks were refused, none was half done")


def syncs():
    count = 20
    points = refused = 0
    day = size = 0
    home, paths = None, []
    for call, error in FAILURES:
        number = 1
        while True:
            if size > 1500 or not home:
                home = Home(f"syncs{day}")
                paths = home.follow(count, items=1, sync=False)
            day += 1
            for path in paths:
                name = path.split("/")[-1][:-4]
                write(path, feed(name, [f"{name}-day{day}"]))
            clock = f"20{30 + day // 336:02}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T0"
            done = home(
                "sync", "--json", before=injected(call, error, number),
                environment={**ONE_THREAD, "RILL_NOW": clock + "1:00:00Z"},
            )
            where = f"a sync, {call} number {number} fails with {error}"
            demand(done.returncode in STATUSES, f"{where}: status {done.returncode}", done.stderr)
            hit = was_injected()
            demand(home.ends_in_whole_lines(), where + ": half a line stays")
            before, rows = home.articles()
            demand(len(before) == rows, where + ": an article is listed twice")
            there = sum(title.endswith(f"-day{day}") for title in before)
            if done.returncode == 0 and done.stdout.strip():
                demand(there == count, where + f": it ended well with {there} of {count}", done.stderr)
            refused += done.returncode == 74
            again = home("sync", "--json", *paths, environment={"RILL_NOW": clock + "9:00:00Z"})
            demand(again.returncode == 0, where + ": the next sync", again.stderr)
            after, rows = home.articles()
            size = rows
            there = sum(title.endswith(f"-day{day}") for title in after)
            demand(there == count, where + f": {there} of {count} articles after the next sync")
            demand(set(before) <= set(after) and len(after) == rows, where + ": articles afterwards")
            if not hit:
                break
            points += 1
            number += 1
    demand(home.state() == home.state(fresh=True), "the index says something else at the end")
    ok(f"syncs of {count} feeds: {points} calls failed, {refused} ended with 74; the next sync brought the rest")


def no_locks():
    home = Home("locks")
    home.follow(1)
    article = sorted(home.ids().values())[0]
    before = home.state()
    for error in ("ENOLCK", "EOPNOTSUPP"):
        done = home("mark", "read", article, before=injected("flock", error, "1+"))
        demand(done.returncode == 74, f"{error}: status {done.returncode}", done.stderr)
        demand("has no locks" in done.stderr and "--home" in done.stderr, f"{error}: the sentence", done.stderr)
        demand(home.state() == before, f"{error}: the state changed")
        demand(home("list", before=injected("flock", error, "1+")).returncode == 0, f"{error}: reading")
    ok("no locks: a mark is refused with a sentence that says what to do, and reading goes on")


def a_failed_sync_to_disk():
    home = Home("fdatasync")
    home.follow(1, items=4)
    ids = sorted(home.ids().values())
    home.must("mark", "star", ids[3])
    segments = len(home.segments())
    done = home("mark", "read", ids[0], before=injected("fdatasync", "EIO", 1))
    demand(done.returncode == 0 and was_injected(), f"fdatasync once: status {done.returncode}", done.stderr)
    demand(len(home.segments()) == segments + 1, "after a failed fdatasync there is no new segment")
    with open(home.segments()[-1]) as file:
        demand(ids[0] in file.read(), "the new segment does not hold the mark")
    done = home("mark", "read", ids[1], before=[
        "strace", "-qq", "-f", "-o", trace, "-e", "trace=fdatasync,fsync",
        "-e", "inject=fdatasync,fsync:error=EIO",
    ])
    demand(done.returncode == 74, f"fdatasync always: status {done.returncode}", done.stderr)
    home.must("mark", "read", ids[2])
    ok("a failed fdatasync: the mark stands in a new segment; where that fails too it ends with 74")


def unknown_arguments():
    """The runtime finds what was typed through a file, and goes on without it."""
    home = Home("arguments")
    home.follow(1)
    article = sorted(home.ids().values())[0]
    before = home.state()
    for words in (["mark", "read", article], ["list"], []):
        done = home(*words, before=[
            "strace", "-qq", "-f", "-o", trace, "-P", "/proc/self/maps", "-e", "trace=openat",
            "-e", "inject=openat:error=EMFILE",
        ])
        if not was_injected():
            skipped("what was typed is not read from a file here")
            return
        demand(done.returncode == 74, f"no arguments: status {done.returncode}", done.stderr)
        demand("/proc" in done.stderr and not done.stdout, "no arguments: the sentence", done.stderr)
    demand(home.state() == before, "no arguments: the state changed")
    ok("what was typed cannot be read: 74 and a sentence, and no call for help")


def an_unreadable_segment():
    home = Home("unreadable")
    home.follow(3, items=2)
    ids = home.ids()
    home.must("mark", "read", *ids.values())
    marks = [path for path in home.segments() if "/j-" in path][0]
    articles = [path for path in home.segments() if "/a-" in path][0]
    for path, wanted in ((marks, "articles"), (articles, "marks")):
        home.forget_index()
        sums = {name: open(name, "rb").read() for name in home.segments()}
        done = home(
            "list", "--all", "--ungrouped", "--json",
            before=["strace", "-qq", "-f", "-o", trace, "-P", path, "-e", "trace=pread64",
                    "-e", "inject=pread64:error=EIO"],
        )
        demand(done.returncode == 0, f"EIO on {path.split('/')[-1]}: status {done.returncode}", done.stderr)
        demand(path.split("/store/")[1] in done.stderr, "the warning does not name the file", done.stderr)
        if wanted == "articles" and "sub" not in done.stdout:
            # Without the journal no feed is known to be followed, so nothing is listed.
            pass
        demand(sums == {name: open(name, "rb").read() for name in home.segments()}, "a file changed")
        home.forget_index()
        rows, _ = home.articles()
        demand(len(rows) == 6 and all(row["read"] for row in rows.values()), "afterwards all is there")
    ok("a segment that cannot be read: a warning names it, the rest is served, nothing is deleted")


if not has("strace"):
    skipped("there is no strace")
else:
    from faults import scratch
    trace = scratch("trace")
    no_locks()
    a_failed_sync_to_disk()
    an_unreadable_segment()
    unknown_arguments()
    marks()
    syncs()
finish()

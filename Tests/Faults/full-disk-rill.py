#!/usr/bin/env python3
"""Fills the disk under `rill`: small file systems, limits of size, half writes, torn lines.

    full-disk-rill.py RILL          needs root for the file systems, and cc for the half writes

What was stored stays, files end in whole lines, no validator is kept for what was not stored, and
all goes on when there is space.
"""

import os
import subprocess

from faults import Home, Server, demand, feed, finish, has, many, mount, ok, run, scratch, skipped, unmount, write


def filled(size, larger, feeds, body, only_store):
    """A sync fills a small file system; then it becomes larger."""
    server = Server()
    for number in range(feeds):
        names = [f"f{number:03}-{item}" for item in range(4)]
        server.documents[f"f{number:03}"] = feed(f"f{number:03}", names, "x" * body)
    path = scratch(f"small-{size}-{only_store}")
    if not mount("-t", "tmpfs", "-o", f"size={size}", "none", path):
        skipped("no file system can be mounted here")
        return
    home = Home(f"full-{size}-{only_store}")
    if only_store:
        home.environment.pop("RILL_HOME")
        home.environment["XDG_DATA_HOME"] = path
        for name in ("STATE", "CACHE", "CONFIG"):
            home.environment[f"XDG_{name}_HOME"] = f"{home.path}/{name.lower()}"
        store = f"{path}/rill/store"
    else:
        home.environment["RILL_HOME"] = f"{path}/home"
        store = f"{path}/home/store"
    urls = [server.url(name) for name in server.documents]
    done = home("add", "--no-sync", *urls)
    what = f"{size}, {'the store alone' if only_store else 'all'}"
    demand(done.returncode == 0, f"{what}: add ends with {done.returncode}", done.stderr)
    home.must("sync", *urls[:4])
    server.asked.clear()
    full = home("sync", "--json", environment={"RILL_NOW": "2030-01-01T00:00:00Z"})
    demand(full.returncode == 74, f"{what}: a full disk ends with {full.returncode}", full.stderr)
    demand(f"No space for {path}" in full.stderr, f"{what}: the sentence", full.stderr)
    whole = subprocess.run(
        ["sh", "-c", 'for f in "$1"/dev/*/*.jsonl; do test -z "$(tail -c 1 "$f")" || echo "$f"; done', "-", store],
        capture_output=True, text=True,
    ).stdout
    demand(not whole, f"{what}: half a line", whole)
    kept, rows = home.articles()
    demand(16 <= len(kept) == rows < 4 * feeds, f"{what}: {rows} articles on a full disk")
    # Reading goes on, and a mark is refused or, where a little room is left, done.
    mark = home("mark", "read", "--all")
    demand(mark.returncode in (0, 74), f"{what}: a mark ends with {mark.returncode}", mark.stderr)
    first = len(server.asked)
    run("mount", "-o", f"remount,size={larger}", path)
    again = home("sync", "--json", environment={"RILL_NOW": "2030-01-02T00:00:00Z"})
    demand(again.returncode == 0, f"{what}: with space a sync ends with {again.returncode}", again.stderr)
    after, rows = home.articles()
    demand(len(after) == rows == 4 * feeds, f"{what}: {rows} of {4 * feeds} articles with space")
    demand(set(kept) <= set(after), f"{what}: articles are gone")
    stored = {title.split("-")[0] for title in kept}
    for name, validator in server.asked[first:]:
        demand(validator is None or name in stored, f"{what}: {name} is asked for with a validator, and not stored")
    conditional = sum(validator is not None for _, validator in server.asked[first:])
    home.must("mark", "read", "--all")
    ok(
        f"a disk of {what}: {len(kept)} of {rows} articles, 74, then all of them; "
        f"{conditional} of {len(server.asked) - first} requests had a validator"
    )
    server.shutdown()
    unmount(path)


def limits():
    """A limit of file size at every byte of a mark's line."""
    home = Home("limits")
    home.follow(1, items=3)
    article = sorted(home.ids().values())[0]
    points = refused = 0
    home.must("mark", "star", article)
    journal = [path for path in home.segments() if "/j-" in path][-1]
    states = {}
    for value in ("read", "unread"):
        home.must("mark", value, article)
        states[value] = home.state()
    length = 170
    for more in range(0, length, many(17, 1)):
        before = os.path.getsize(journal)
        done = home("mark", "read", article, before=["prlimit", f"--fsize={before + more}"])
        where = f"a limit {more} bytes behind the journal"
        demand(done.returncode in (0, 74), f"{where}: status {done.returncode}", done.stderr)
        after = os.path.getsize(journal)
        if done.returncode == 74:
            refused += 1
            demand(after == before, f"{where}: the journal grew from {before} to {after}")
            demand(home.state() == states["unread"], f"{where}: the state changed", done.stderr)
        else:
            demand(home.state() == states["read"], f"{where}: the mark is not there", done.stderr)
        home.must("mark", "read", article)
        home.must("mark", "unread", article)
        points += 1
    demand(home.state() == home.state(fresh=True), "the index says something else at the end")
    ok(f"limits of file size: {points}, {refused} marks refused with 74, no signal")


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Writes to files of lines: half of them each time, or TORN bytes and then the end of the process. */
ssize_t write(int file, const void *bytes, size_t count) {
  static ssize_t (*next)(int, const void *, size_t);
  if (!next) next = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length > 6 && !memcmp(path + length - 6, ".jsonl", 6) && count > 1) {
    const char *torn = getenv("TORN");
    if (torn) {
      size_t part = (size_t)atol(torn);
      next(file, bytes, part < count ? part : count);
      kill(getpid(), SIGKILL);
    }
    count = count / 2;
  }
  return next(file, bytes, count);
}
"""


def half_writes():
    if not has("cc"):
        skipped("there is no cc")
        return
    source = write(scratch("shim.c"), SHIM)
    shim = scratch("shim.so")
    built = run("cc", "-shared", "-fPIC", "-O1", "-o", shim, source)
    demand(built.returncode == 0, "the shim", built.stderr)
    preload = {"LD_PRELOAD": shim}
    home = Home("half")
    paths = [write(f"{home.path}/feeds/{n}.xml", feed(f"f{n}", [f"{n}-{i}" for i in range(20)])) for n in range(5)]
    home.must("add", *paths, environment=preload)
    home.must("mark", "read", "--all", environment=preload)
    rows, count = home.articles()
    demand(count == 100 and all(row["read"] for row in rows.values()), "half writes: articles")
    demand(home.state() == home.state(fresh=True), "half writes: the index says something else")
    demand(home("doctor").returncode == 0, "half writes: the doctor")
    ok("half writes: every line is whole")

    article = sorted(home.ids().values())[0]
    home.must("mark", "unread", article)
    lines = home.must("mark", "star", article)
    before = home.state()
    torn = intact = 0
    last = None
    for part in range(0, 400, many(23, 1)):
        starred = '"starred":true' in before
        devices = len(home.devices())
        done = home("mark", "unread" if last == "read" else "read", article, environment={**preload, "TORN": str(part)})
        demand(done.returncode in (-9, 137), f"torn after {part} bytes: status {done.returncode}", done.stderr)
        state = home.state()
        demand(state == home.state(fresh=True), f"torn after {part} bytes: the index says something else")
        if state == before:
            torn += 1
        else:
            intact += 1
        last = {True: "read", False: "unread"}[home.articles()[0][[t for t, r in home.articles()[0].items() if r["id"] == article][0]]["read"]]
        # The next append works and is found.
        home.must("mark", "unread" if last == "read" else "read", article)
        last = "unread" if last == "read" else "read"
        before = home.state()
        demand(len(home.devices()) == devices, f"torn after {part} bytes: another device")
        if intact >= 3:
            break
    demand(intact > 0, "no write was long enough")
    ok(f"torn lines: cut after each of {torn} bytes the mark is not there, whole it is; the next one always is")


if os.geteuid() == 0:
    filled("64k", "8m", 40, 500, True)
    filled("4m", "64m", 60, 40_000, True)
    # With the index and the locks on it.
    filled("768k", "8m", 40, 4_000, False)
    filled("4m", "64m", 60, 40_000, False)
else:
    skipped("only root can mount a small file system")
if has("prlimit"):
    limits()
half_writes()
finish()

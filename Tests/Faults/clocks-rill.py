#!/usr/bin/env python3
"""Runs `rill` by clocks that are wrong.

    clocks-rill.py RILL          the clock of the process is turned where there is faketime
"""

import json
import os

from faults import Home, demand, feed, finish, has, many, ok, run, skipped, write

CLOCKS = ["1970-01-01T00:00:01Z", "1999-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "1901-01-01T00:00:00Z",
          "2024-02-29T12:00:00Z", "2038-01-19T03:14:08Z", "9999-12-31T23:59:59Z"]
RIGHT = "2026-11-22T12:00:00Z"


def at(clock):
    return {"RILL_NOW": clock}


def all_clocks():
    for kind in ("RILL_NOW", "faketime"):
        if kind == "faketime" and not has("faketime"):
            skipped("there is no faketime")
            continue
        for wrong in CLOCKS:
            if kind == "faketime" and wrong[:4] in ("9999", "1901"):
                continue
            home = Home(f"clock-{kind}-{wrong[:4]}")
            home.environment["RILL_NOW"] = RIGHT if kind == "RILL_NOW" else ""

            def by(clock, *words):
                if kind == "RILL_NOW":
                    return home(*words, environment=at(clock))
                return home(*words, before=["faketime", clock.replace("T", " ").rstrip("Z")],
                            environment={"TZ": "UTC"})

            where = f"{kind} at {wrong}"
            path = write(f"{home.path}/feed.xml", feed("Clock", ["one"]))
            demand(by(RIGHT, "add", path).returncode == 0, f"{where}: add")
            article = home.ids()["one"]
            write(path, feed("Clock", ["one", "two"]))
            for words in (["sync"], ["sync", "--force"], ["mark", "star", article], ["list"], ["feeds"]):
                done = by(wrong, *words)
                demand(done.returncode == 0, f"{where}: {words[0]} ends with {done.returncode}", done.stderr)
            # The clock is right again: what was starred can be unstarred, and a sync comes within a day.
            done = by("2026-11-23T14:00:00Z", "mark", "unstar", article)
            demand(done.returncode == 0, f"{where}: unstar", done.stderr)
            write(path, feed("Clock", ["one", "two", "three"]))
            done = by("2026-11-23T14:00:00Z", "sync", "--json")
            demand(done.returncode == 0, f"{where}: the sync by a clock that is right", done.stderr)
            rows, count = home.articles()
            demand(sorted(rows) == ["one", "three", "two"] and count == 3, f"{where}: articles", done.stdout + str(list(rows)))
            demand(not rows["one"]["starred"], f"{where}: the star of a wrong clock cannot be taken away")
            demand(home.state() == home.state(fresh=True), f"{where}: the index says something else")
        ok(f"{kind}: {len(CLOCKS)} wrong clocks: nothing fails, nothing is lost, and a sync comes within a day of a right one")


def jumps():
    """The clock jumps by 50 years between and during runs."""
    home = Home("jumps")
    path = write(f"{home.path}/feed.xml", feed("Jumps", ["one", "two"]))
    home.must("add", path, environment=at(RIGHT))
    article = home.ids()["one"]
    starred = False
    years = [2026, 2076, 1976, 2027, 1971, 2099, 2026, 2050, 2000, 2026]
    for turn, year in enumerate(years * many(1, 5)):
        starred = not starred
        word = "star" if starred else "unstar"
        home.must("mark", word, article, environment=at(f"{year}-06-15T12:00:00Z"))
        home.must("sync", environment=at(f"{year}-06-15T12:00:01Z"))
        demand(home.articles()[0]["one"]["starred"] == starred, f"a {word} in {year} has no effect")
    demand(home.state() == home.state(fresh=True), "the index says something else")
    if has("faketime"):
        # During a run: the file that `faketime` reads anew each time says another year all the while.
        home.follow(20, prefix="j")
        for jump in ("+50y", "-50y", "+0"):
            file = write(f"{home.path}/faketime", jump)
            process = home.start("sync", "--force", "--json", before=[
                "faketime", "-f", jump, "env", "-u", "FAKETIME", f"FAKETIME_TIMESTAMP_FILE={file}",
                "FAKETIME_NO_CACHE=1",
            ])
            while process.poll() is None:
                for other in ("+50y", "-1y", "+0", "-50y"):
                    write(file, other)
            demand(process.returncode == 0, f"jumps during a sync: status {process.returncode}", process.stderr.read())
            # Help ends well too.
            asked = json.loads(process.stdout.read())
            demand(asked["feeds"] == 21, "jumps during a sync: feeds", asked)
        demand(home.state() == home.state(fresh=True), "the index says something else after jumps")
        home.must("sync", environment=at("2026-12-30T00:00:00Z"))
        ok("the clock jumps by 50 years, between runs and during a sync: each act has its effect")
    else:
        ok("the clock jumps by 50 years between runs: each act has its effect")


def before_the_store():
    """A clock that is before the store's creation cannot make an act too early to count."""
    home = Home("early")
    path = write(f"{home.path}/feed.xml", feed("Early", ["one"]))
    home.must("add", path, environment=at(RIGHT))
    article = home.ids()["one"]
    home.must("mark", "read", article, environment=at("1970-01-01T00:00:00Z"))
    lines = [json.loads(line) for p in home.segments() if "/j-" in p for line in open(p)]
    floor = min(line["at"] for line in lines if line["op"] == "set")
    if floor >= RIGHT[:10]:
        ok("a mark by a clock of 1970 has the time of the store's creation at least")
    else:
        ok(f"a mark by a clock of 1970 stands with {floor}, and holds")
    home.must("mark", "unread", article, environment=at("1980-01-01T00:00:00Z"))
    demand(not home.articles()[0]["one"]["read"], "unread by a clock of 1980")


all_clocks()
jumps()
before_the_store()
finish()

#!/usr/bin/env python3
"""Kills marks and syncs at random times: no acknowledged operation may be missing.

    kill-marks-and-syncs.py RILL

A mark and a sync run at once, again and again, and each is killed with -9 at a time of its own. A
mark is acknowledged when the command said "Marked", a sync when it ended well. What was not
acknowledged may be there or not; nothing else may be.
"""

import json
import os
import random
import time

from faults import Home, demand, fail, feed, finish, many, not_ok, ok, write

KILLS = many(100, 1000)
FEEDS = 10
random.seed(1)

home = Home("random")
paths = home.follow(FEEDS, items=2)
# What each register may be: one value, or two where a mark was killed before it said anything.
may_be = {}
shown = {title: row["id"] for title, row in home.articles()[0].items()}
expected = set(shown)
lengths = []
for _ in range(3):
    begun = time.monotonic()
    home.must("list", "--json")
    lengths.append(time.monotonic() - begun)
length = min(lengths)

kills = marked = synced = 0
turn = 0


def holds(row, register):
    return row["read"] if register == "read" else row["starred"]


def check(fresh):
    rows, count = home.articles()
    demand(len(rows) == count, "an article is listed twice")
    missing = expected - set(rows)
    demand(not missing, f"after {kills} kills articles are missing", "\n".join(sorted(missing)))
    lost = 0
    for (title, register), values in may_be.items():
        if holds(rows[title], register) not in values:
            lost += 1
    demand(lost == 0, f"after {kills} kills {lost} acknowledged marks are lost")
    # Whatever a killed mark did, it is settled now.
    for title, register in may_be:
        may_be[title, register] = {holds(rows[title], register)}
    if fresh:
        demand(home.state() == home.state(fresh=True), f"after {kills} kills the index says something else")
    return {title: row["id"] for title, row in rows.items()}


while kills < KILLS:
    turn += 1
    clock = f"20{30 + turn // 8064}-{turn // 672 % 12 + 1:02}-{turn // 24 % 28 + 1:02}T{turn % 24:02}:00:00Z"
    news = []
    sync = None
    if turn % 2 == 0:
        for path in random.sample(paths, 3):
            name = os.path.basename(path)[:-4]
            news.append(f"{name}-turn{turn}")
            write(path, feed(name, news[-1:]))
        sync = home.start("sync", *paths, environment={"RILL_NOW": clock})
    title = random.choice(sorted(shown))
    register = random.choice(["read", "star"])
    value = random.choice([True, False])
    word = {"read": ("unread", "read"), "star": ("unstar", "star")}[register][value]
    mark = home.start("mark", word, shown[title], environment={"RILL_NOW": clock})
    ends = sorted(
        [(random.random() * length * (8 if process is sync else 3), process) for process in (mark, sync) if process],
        key=lambda end: end[0],
    )
    begun = time.monotonic()
    for after, process in ends:
        time.sleep(max(0, begun + after - time.monotonic()))
        process.kill()
        kills += 1
    said = mark.communicate()[1].decode()
    before = may_be.get((title, register), {False})
    if "Marked" in said:
        marked += 1
        may_be[title, register] = {value}
    else:
        may_be[title, register] = before | {value}
    if sync:
        sync.communicate()
        if sync.returncode == 0:
            synced += 1
            expected |= set(news)
    if turn % 40 == 0:
        shown = check(fresh=turn % 200 == 0)
        expected |= set(shown)

check(fresh=True)
doctor = home("doctor")
demand(len(home.devices()) == 1, "a kill made another device", home.devices())
demand("damage" not in doctor.stdout.lower(), "the doctor finds damage", doctor.stdout)
home.must("sync", environment={"RILL_NOW": "2050-01-01T00:00:00Z"})
ok(
    f"{kills} kills in {turn} turns: {marked} marks and {synced} syncs were acknowledged, 0 of them lost; "
    f"{len(shown)} articles; the doctor ends with {doctor.returncode}"
)
finish()

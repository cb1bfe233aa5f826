#!/usr/bin/env python3
"""Kills marks and syncs at random times: no acknowledged operation may be missing.

    kill-marks-and-syncs.py RILL

A mark and a sync run at once, again and again, and each is killed with -9 at a time of its own, so
that about half of them come to an end before. A mark is acknowledged when the command said "Marked",
a sync when it ended well. What was not acknowledged may be there or not; nothing else may be.
"""

import os
import random
import time

from faults import Home, demand, feed, finish, many, ok, write

KILLS = many(100, 1000)
FEEDS = 10
random.seed(1)

home = Home("random")
paths = home.follow(FEEDS, items=2)
# What each register may be: one value, or two where a mark was killed before it said anything.
may_be = {}
shown = {title: row["id"] for title, row in home.articles()[0].items()}
expected = set(shown)


class Waiting:
    """How long something is let run: longer where too few come to an end, on whatever machine."""

    def __init__(self, *words):
        begun = time.monotonic()
        home.must(*words)
        self.longest = 2 * (time.monotonic() - begun)

    def seconds(self):
        return random.random() * self.longest

    def learn(self, has_ended):
        self.longest *= 0.95 if has_ended else 1.05


waiting_mark = Waiting("mark", "unread", next(iter(shown.values())))
waiting_sync = Waiting("sync", *paths)
begun_all = time.monotonic()
# Only what was still running is killed.
kills = marked = synced = 0
marks = syncs = 0
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
    ends = [(waiting_mark.seconds(), mark)]
    if sync:
        ends.append((waiting_sync.seconds(), sync))
    begun = time.monotonic()
    for after, process in sorted(ends, key=lambda end: end[0]):
        time.sleep(max(0, begun + after - time.monotonic()))
        process.kill()
    said = mark.communicate()[1].decode()
    marks += 1
    kills += mark.returncode == -9
    waiting_mark.learn("Marked" in said)
    before = may_be.get((title, register), {False})
    if "Marked" in said:
        marked += 1
        may_be[title, register] = {value}
    else:
        may_be[title, register] = before | {value}
    if sync:
        sync.communicate()
        syncs += 1
        kills += sync.returncode == -9
        waiting_sync.learn(sync.returncode == 0)
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
    f"{kills} kills that hit: {marked} of {marks} marks and {synced} of {syncs} syncs were acknowledged, "
    f"0 of them lost; {len(shown)} articles; {time.monotonic() - begun_all:.0f} s; "
    f"the doctor ends with {doctor.returncode}"
)
# A run in which hardly anything is acknowledged shows nothing.
demand(marked >= KILLS // 5 and synced >= KILLS // 20, "too little was acknowledged")
finish()

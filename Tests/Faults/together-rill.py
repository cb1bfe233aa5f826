#!/usr/bin/env python3
"""Many processes of `rill` at once on one store.

    together-rill.py RILL
"""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from faults import PROGRAM, Home, Server, demand, feed, finish, has, many, not_ok, ok, run, scratch, skipped, write


def journal_numbers(home):
    numbers = []
    for path in home.segments():
        if "/j-" in path:
            for line in open(path):
                numbers.append(json.loads(line)["n"])
    return numbers


def eight_markers():
    writers, each = 8, many(25, 500)
    home = Home("eight")
    home.follow(1, items=2)
    article = sorted(home.ids().values())[0]
    before = len(journal_numbers(home))
    longest = [0.0] * writers
    refused = []

    def work(writer):
        for number in range(each):
            begun = time.monotonic()
            done = home("mark", f"tag:w{writer}-{number}", article)
            longest[writer] = max(longest[writer], time.monotonic() - begun)
            if done.returncode != 0 or "Marked" not in done.stderr or "warning" in done.stderr:
                refused.append(done.stderr)

    begun = time.monotonic()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    demand(not refused, f"{len(refused)} marks were refused", refused[:3])
    tags = home.articles()[0]
    tags = [row["tags"] for row in tags.values() if row["id"] == article][0]
    found = len([tag for tag in tags if re.fullmatch(r"w\d-\d+", tag)])
    numbers = journal_numbers(home)
    demand(found == writers * each, f"{found} of {writers * each} operations are found")
    demand(sorted(numbers) == list(range(1, len(numbers) + 1)), "numbers have a gap or stand twice")
    demand(len(numbers) == before + found, f"{len(numbers)} lines")
    demand(len(home.devices()) == 1, "devices", home.devices())
    demand(home.state() == home.state(fresh=True), "the index says something else")
    ok(
        f"{writers} processes, {each} marks each at once: {found} operations found, numbers without gaps; "
        f"{took:.0f} s, the longest mark {max(longest) * 1000:.0f} ms"
    )


def two_syncs():
    server = Server()
    wait = threading.Event()
    home = Home("two")

    class Slow(dict):
        def get(self, name):
            wait.wait(20)
            return feed("Slow", ["one"])

    server.documents = Slow()
    home.must("add", "--no-sync", server.url("slow"))
    first = home.start("sync")
    while not server.asked:
        time.sleep(0.01)
        demand(first.poll() is None, "the first sync ended", first.poll())
    # A mark during a sync waits for nobody.
    home2 = home.follow(1, prefix="m")
    article = sorted(home.ids().values())[0]
    longest = 0
    for number in range(many(5, 50)):
        begun = time.monotonic()
        home.must("mark", ["star", "unstar"][number % 2], article)
        longest = max(longest, time.monotonic() - begun)
    second = home("sync")
    demand(second.returncode == 75, f"a second sync ends with {second.returncode}", second.stderr)
    demand(str(first.pid) in second.stderr, "the second sync does not name the first", second.stderr)
    # The holder is killed: the next goes on at once.
    first.kill()
    first.communicate()
    wait.set()
    begun = time.monotonic()
    third = home.must("sync", environment={"RILL_NOW": "2040-01-01T00:00:00Z"})
    demand(time.monotonic() - begun < 10, "a dead sync holds up the next")
    demand("one" in home.articles()[0], "the article of the feed that hung")
    ok(f"two syncs: the second ends with 75 and names the first; a mark meanwhile took {longest * 1000:.0f} ms at most; "
       "after kill -9 the next sync runs at once")
    server.shutdown()


def reader_during_writes():
    home = Home("reader")
    home.follow(3, items=50)
    stop = threading.Event()
    wrong = []

    def write_on():
        turn = 0
        while not stop.is_set():
            turn += 1
            done = home("mark", ["star", "unstar"][turn % 2], *list(home_ids)[:20])
            if done.returncode != 0:
                wrong.append(done.stderr)

    home_ids = home.ids().values()
    writers = [threading.Thread(target=write_on) for _ in range(2)]
    for writer in writers:
        writer.start()
    longest = 0
    reads = many(20, 300)
    for _ in range(reads):
        begun = time.monotonic()
        done = home("list", "--all", "--json", "--limit", "1000")
        longest = max(longest, time.monotonic() - begun)
        if done.returncode != 0 or done.stderr or len(done.stdout.splitlines()) != 150:
            wrong.append(f"{done.returncode} {len(done.stdout.splitlines())} lines {done.stderr}")
    stop.set()
    for writer in writers:
        writer.join()
    demand(not wrong, f"{len(wrong)} readers or writers saw something else", "\n".join(wrong[:3]))
    ok(f"readers during writes: {reads} lists, each whole and without a word; the longest {longest * 1000:.0f} ms")


def backups():
    """A copy made during writing opens, and is some moment of it."""
    home = Home("backups")
    home.follow(2, items=30)
    titles = {row["id"]: title for title, row in home.articles()[0].items()}
    ids = sorted(titles)
    done_marks = []
    stop = threading.Event()

    def mark():
        for turn in range(100_000):
            if stop.is_set():
                return
            number = turn % len(ids)
            word = "read" if turn // len(ids) % 2 == 0 else "unread"
            home.must("mark", word, ids[number])
            done_marks.append((ids[number], word))

    worker = threading.Thread(target=mark)
    worker.start()
    copies = many(4, 40)
    for number in range(copies):
        before = len(done_marks)
        copy = Home(f"copy{number}")
        subprocess.run(["cp", "-r", f"{home.path}/store", f"{copy.path}/store"], check=True)
        after = len(done_marks) + 1
        rows, count = copy.articles()
        demand(count == len(ids), f"a copy has {count} articles")
        read = {row["id"] for row in rows.values() if row["read"]}
        state = {}
        moments = []
        for turn, (article, word) in enumerate(done_marks[:after] if len(done_marks) >= after else done_marks):
            state[article] = word
            if turn + 1 >= before:
                moments.append({a for a, w in state.items() if w == "read"})
        # One more may have been on its way.
        turn = len(done_marks)
        demand(
            read in moments or before == 0 or any(len(read ^ moment) <= 1 for moment in moments),
            f"a copy is no moment between its start and its end: {len(read)} are read",
        )
        copy.must("mark", "star", ids[0])
        if number >= 2:
            shutil.rmtree(copy.path)
    stop.set()
    worker.join()
    ok(f"copies made during writing: {copies}, while {len(done_marks)} marks were made; each is a moment and takes marks")


def few_descriptors():
    count = many(60, 500)
    home = Home("few")
    server = Server()
    for number in range(count):
        server.documents[f"f{number}"] = feed(f"f{number}", [f"f{number}-{item}" for item in range(2)])
    home.must("add", "--no-sync", *[server.url(name) for name in server.documents])
    done = home("sync", "--json", before=["bash", "-c", 'ulimit -n 32; exec "$0" "$@"'])
    demand(done.returncode == 0, f"with 32 descriptors a sync ends with {done.returncode}", done.stderr[-800:])
    demand(json.loads(done.stdout)["new"] == 2 * count, "articles", done.stdout)
    ok(f"32 descriptors: {count} feeds, all of them fetched")
    server.shutdown()


eight_markers()
two_syncs()
reader_during_writes()
backups()
few_descriptors()
finish()

#!/usr/bin/env python3
"""Cuts the power of real file systems under `rill mark` and `rill sync`.

    power-loss-rill.py RILL          needs root, and mkfs.ext4 or mkfs.xfs

Every mark that said "Marked" and every article of a sync that ended well is there after the power
is back. Each file system is cut in two ways: with its own log written first, and without.
"""

import fcntl
import os
import random
import signal
import struct
import subprocess
import time

from faults import Home, demand, feed, finish, has, many, mount, ok, scratch, skipped, stand_alone, unmount, write

ROUNDS = many(4, 20)
random.seed(2)
# FS_IOC_SHUTDOWN: 1 writes the log of the file system before the cut, 2 does not.
SHUTDOWN = 0x8004587D


def stop(process):
    """Stops it and waits until it stands: a sync that is under way would succeed after the cut."""
    process.send_signal(signal.SIGSTOP)
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status") as status:
            if any(line.startswith("State:\tT") for line in status):
                return


def one(kind, make, size):
    disk = scratch(f"disk-{kind}")
    image = scratch(f"image-{kind}")
    marked = synced = lost = 0
    for turn in range(ROUNDS):
        mode = turn % 2 + 1
        if os.path.exists(image):
            os.remove(image)
        with open(image, "wb") as file:
            file.truncate(size)
        subprocess.run([*make, image], check=True, capture_output=True)
        if not mount("-o", "loop", image, disk):
            skipped(f"{kind} cannot be mounted here")
            return
        home = Home(kind, path=f"{disk}/home")
        sources = Home(f"sources-{kind}-{turn}").path
        paths = [
            write(f"{sources}/f{number}.xml", feed(f"f{number}", [f"f{number}-{item}" for item in range(60)]))
            for number in range(5)
        ]
        home.must("add", *paths)
        titles = {title: row["id"] for title, row in home.articles()[0].items()}
        acknowledged, articles = [], set(titles)
        # The marks and syncs go on until the cut.
        until = time.monotonic() + random.uniform(0.05, 3)
        todo = sorted(titles)
        day = 0
        process = None
        while todo:
            day += 1
            # Every third step is a sync that brings an article.
            if day % 3 == 0:
                news = f"f0-new{day}"
                write(paths[0], feed("f0", [news]))
                clock = {"RILL_NOW": f"{2030 + day}-01-01T00:00:00Z"}
                process = home.start("sync", environment=clock)
            else:
                title = todo.pop()
                process = home.start("mark", "read", titles[title])
            try:
                said = process.communicate(timeout=max(0.001, until - time.monotonic()))[1].decode()
            except subprocess.TimeoutExpired:
                stop(process)
                break
            if day % 3 == 0 and process.returncode == 0:
                articles.add(news)
                synced += 1
            elif "Marked" in said:
                acknowledged.append(title)
        directory = os.open(disk, os.O_RDONLY)
        fcntl.ioctl(directory, SHUTDOWN, struct.pack("I", mode))
        os.close(directory)
        if process:
            process.kill()
            # What was said before the cut counts too.
            said = process.communicate()[1].decode()
            if "Marked" in said and title not in acknowledged:
                acknowledged.append(title)
        unmount(disk)
        demand(mount("-o", "loop", image, disk), f"{kind}: it cannot be mounted after the cut")
        where = f"{kind}, round {turn}, mode {mode}"
        for fresh in (False, True):
            if fresh:
                home.forget_index()
            rows, count = home.articles()
            missing = [title for title in acknowledged if not rows.get(title, {}).get("read")]
            demand(not missing, f"{where}: {len(missing)} acknowledged marks are lost", "\n".join(missing))
            gone = articles - set(rows)
            demand(not gone, f"{where}: articles are lost", "\n".join(gone))
            demand(count == len(rows), f"{where}: an article is listed twice")
        home.must("mark", "star", titles["f0-0"])
        # Without the state, too, nothing is refused for long.
        home.must("sync", environment={"RILL_NOW": "2990-01-01T00:00:00Z"})
        marked += len(acknowledged)
        unmount(disk)
    ok(f"{kind}: {ROUNDS} power losses, {marked} acknowledged marks and {synced} syncs, 0 of them lost")


def first(kind, make, size):
    """Cuts the power under the first subscription of all."""
    disk = scratch(f"first-{kind}")
    image = scratch(f"first-image-{kind}")
    valid = 0
    for turn in range(ROUNDS):
        mode = turn % 2 + 1
        if os.path.exists(image):
            os.remove(image)
        with open(image, "wb") as file:
            file.truncate(size)
        subprocess.run([*make, image], check=True, capture_output=True)
        if not mount("-o", "loop", image, disk):
            return
        home = Home(kind, path=f"{disk}/home")
        source = write(Home(f"source-{kind}").path + "/feed.xml", feed("First", ["one", "two"]))
        process = home.start("add", source)
        time.sleep(random.uniform(0.01, 0.6))
        stop(process)
        directory = os.open(disk, os.O_RDONLY)
        fcntl.ioctl(directory, SHUTDOWN, struct.pack("I", mode))
        os.close(directory)
        process.kill()
        said = process.communicate()[1].decode()
        unmount(disk)
        demand(mount("-o", "loop", image, disk), f"{kind}: it cannot be mounted after the cut")
        valid += os.path.exists(home.path + "/store/store.json")
        if os.path.exists(home.path):
            home.must("list", "--json")
        os.makedirs(home.path, exist_ok=True)
        home.must("add", source)
        home.must("sync")
        rows, count = home.articles()
        demand(sorted(rows) == ["one", "two"] and count == 2, f"{kind}, first, round {turn}: {said}", list(rows))
        unmount(disk)
    ok(f"{kind}: {ROUNDS} power losses in a first subscription; {valid} left a store, all were made good")


stand_alone()
for kind, make, size in (
    ("ext4", ["mkfs.ext4", "-q", "-F"], 64 << 20),
    ("xfs", ["mkfs.xfs", "-q", "-f"], 320 << 20),
):
    if os.geteuid() != 0:
        skipped(f"{kind}: only root can mount it")
    elif not has(make[0]):
        skipped(f"{kind}: there is no {make[0]}")
    else:
        one(kind, make, size)
        first(kind, make, size)
finish()

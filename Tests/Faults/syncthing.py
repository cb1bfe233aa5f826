#!/usr/bin/env python3
"""Two machines that share the store through two instances of Syncthing on this machine.

    syncthing.py RILL          needs syncthing
"""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request

from faults import Home, demand, feed, finish, has, many, ok, scratch, skipped, write

KEY = "faults"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Instance:
    def __init__(self, name, folder):
        self.home = scratch(f"syncthing-{name}")
        self.folder = folder
        self.gui, self.port = free_port(), free_port()
        made = subprocess.run(
            ["syncthing", "generate", f"--home={self.home}", "--no-default-folder", "--skip-port-probing"],
            capture_output=True, text=True,
        )
        if made.returncode != 0:
            made = subprocess.run(["syncthing", f"--generate={self.home}"], capture_output=True, text=True)
        self.id = subprocess.run(
            ["syncthing", "--device-id", f"--home={self.home}"], capture_output=True, text=True
        ).stdout.strip()

    def configure(self, other):
        write(self.home + "/config.xml", f"""<configuration version="35">
<folder id="store" path="{self.folder}" type="sendreceive" rescanIntervalS="1" fsWatcherEnabled="true" fsWatcherDelayS="1">
<device id="{self.id}"></device><device id="{other.id}"></device></folder>
<device id="{self.id}" name="me"><address>tcp://127.0.0.1:{self.port}</address></device>
<device id="{other.id}" name="other"><address>tcp://127.0.0.1:{other.port}</address></device>
<gui enabled="true"><address>127.0.0.1:{self.gui}</address><apikey>{KEY}</apikey></gui>
<options><listenAddress>tcp://127.0.0.1:{self.port}</listenAddress>
<globalAnnounceEnabled>false</globalAnnounceEnabled><localAnnounceEnabled>false</localAnnounceEnabled>
<relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled><urAccepted>-1</urAccepted>
<crashReportingEnabled>false</crashReportingEnabled><autoUpgradeIntervalH>0</autoUpgradeIntervalH>
<reconnectionIntervalS>1</reconnectionIntervalS><startBrowser>false</startBrowser></options></configuration>""")

    def start(self):
        self.process = subprocess.Popen(
            ["syncthing", "serve", f"--home={self.home}", "--no-browser", "--no-restart"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.home, "STNOUPGRADE": "1", "STNODEFAULTFOLDER": "1"},
        )

    def ask(self, path, post=False):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gui}/rest/{path}", headers={"X-API-Key": KEY}, data=b"" if post else None
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def stop(self):
        self.process.terminate()
        self.process.wait()


def until(holds, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return True
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(0.3)
    return False


def same(first, second):
    if first.devices() != second.devices():
        return False
    for path in first.segments():
        there = path.replace(first.path, second.path)
        if not os.path.exists(there) or open(path, "rb").read() != open(there, "rb").read():
            return False
    return len(first.segments()) == len(second.segments())


def main():
    homes = [Home("st-a"), Home("st-b")]
    homes[0].follow(3)
    os.makedirs(homes[1].path + "/store")
    for home in homes:
        os.makedirs(home.path + "/store/.stfolder", exist_ok=True)
    instances = [Instance(name, home.path + "/store") for name, home in zip("ab", homes)]
    instances[0].configure(instances[1])
    instances[1].configure(instances[0])
    for instance in instances:
        instance.start()
    try:
        if not until(lambda: all(i.ask("system/status") for i in instances), 60):
            skipped("syncthing does not start here")
            return
        demand(until(lambda: same(*homes)), "the first copy does not arrive", homes[1].segments())
        demand(homes[0].state() == homes[1].state(), "after the first copy the states differ")
        ids = homes[0].ids()
        titles = sorted(ids)
        rounds = many(1, 5)
        for turn in range(rounds):
            # Apart: both mark, also the same articles.
            for one, other in ((0, 1), (1, 0)):
                instances[one].ask(f"system/pause?device={instances[other].id}", post=True)
            for number in range(6):
                homes[0].must("mark", ["read", "unread"][number % 2], ids[titles[number % 4]])
                homes[1].must("mark", ["star", "unread"][number % 2], ids[titles[number % 5]])
            for one, other in ((0, 1), (1, 0)):
                instances[one].ask(f"system/resume?device={instances[other].id}", post=True)
            # Together: both go on while files arrive.
            for number in range(many(5, 40)):
                homes[number % 2].must("mark", ["read", "unread", "star", "unstar"][number % 4], ids[titles[number % 9]])
                listed = homes[1 - number % 2]("list", "--all")
                demand(listed.returncode == 0 and "damaged" not in listed.stderr, "a list while files arrive", listed.stderr)
            demand(until(lambda: same(*homes)), f"round {turn}: the folders do not become equal",
                   "\n".join(homes[0].segments() + homes[1].segments()))
            demand(homes[0].state() == homes[1].state(), f"round {turn}: the states differ")
        for home in homes:
            demand(home.state() == home.state(fresh=True), "the index says something else")
        copies = [path for home in homes for path in home.segments() if "conflict" in path]
        ok(f"Syncthing: {rounds} rounds apart and together, equal folders and equal states; "
           f"devices {len(homes[0].devices())}, conflict copies {len(copies)}")
    finally:
        for instance in instances:
            instance.stop()


if has("syncthing"):
    main()
else:
    skipped("there is no syncthing")
finish()

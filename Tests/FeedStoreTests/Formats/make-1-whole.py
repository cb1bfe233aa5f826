#!/usr/bin/env python3
"""Made the store `1-whole`, and shows what happened to it; the store itself is never made again.

    make-1-whole.py RILL DIRECTORY

Two machines share a folder, a third is forgotten. Ids of devices and of the store are random, so each
run gives another store that says the same. A program of another time writes another format: that is
why the store is kept, and nobody edits it.
"""

import glob
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zlib

RILL, TARGET = os.path.abspath(sys.argv[1]), sys.argv[2]
SCRATCH = tempfile.mkdtemp()
documents, moved = {}, {}


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[1:]
        if name in moved:
            self.send_response(301)
            self.send_header("Location", moved[name])
            self.end_headers()
            return
        body = documents[name].encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
PORT = server.server_port


def url(name):
    return f"http://feeds.example:{PORT}/{name}"


def feed(name, items, body="A word.", site="https://{0}.example/"):
    site = site.format(name)
    rows = [
        f"<item><guid>{name}:{item}</guid><link>{site}{item}</link><title>{name} {item}</title>"
        f"<pubDate>Fri, 02 Jan 2026 0{i % 10}:00:00 GMT</pubDate><description>{body}</description></item>"
        for i, item in enumerate(items)
    ]
    documents[f"{name}.xml"] = (
        f'<rss version="2.0"><channel><title>{name.capitalize()}</title><link>{site}</link>' + "".join(rows)
        + "</channel></rss>"
    )


class Home:
    def __init__(self, name):
        self.path = f"{SCRATCH}/{name}"
        os.makedirs(self.path)

    def __call__(self, at, *words, input=None, fine=True):
        asking = ["--resolve", f"feeds.example:{PORT}:127.0.0.1"] if words[0] in ("add", "sync") else []
        done = subprocess.run(
            [RILL, *words, *asking], input=input, capture_output=True, text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": self.path, "RILL_HOME": self.path, "RILL_NOW": at,
                 "RILL_FETCH_GUESS_PAUSE_SECONDS": "0"},
        )
        if fine and done.returncode:
            sys.exit(f"{words}: {done.returncode} {done.stdout}{done.stderr}")
        print(at, " ".join(words), "|", done.stderr.strip().replace("\n", " / ")[:160])
        return done.stdout

    def device(self, name=None):
        """The directory of this machine, which gets a name of its own."""
        mine = [d for d in glob.glob(f"{self.path}/store/dev/*") if d not in given]
        if name:
            given[mine[0]] = name
            path = f"{mine[0]}/device.json"
            facts = json.load(open(path))
            facts["name"] = name
            with open(path, "w") as file:
                file.write(json.dumps(facts, separators=(",", ":")) + "\n")
        return mine[0]

    def ids(self, at):
        return {r["title"]: r["id"] for r in map(json.loads, self(at, "list", "--all", "--json").splitlines())}


given = {}


def carry(source, target):
    """What a sync tool does: the files of one machine come to the other."""
    for device in glob.glob(f"{source.path}/store/dev/*"):
        there = f"{target.path}/store/dev/{os.path.basename(device)}"
        if not (os.path.exists(there) and os.path.basename(device) == os.path.basename(own[target])):
            shutil.copytree(device, there, dirs_exist_ok=True)


def line(path, members, number=True):
    """Writes what a newer version or a person would: with a number and a sum, or without."""
    if number:
        members = {"n": json.loads(open(path).read().splitlines()[-1])["n"] + 1, **members}
    text = json.dumps(members, separators=(",", ":"))
    if number:
        text = text[:-1] + f',"sum":"{zlib.crc32(text[:-1].encode()):08x}"}}'
    with open(path, "a") as file:
        file.write(text + "\n")


def seal(device, kind):
    """A file that has a next one is sealed, as one of 4 MiB is."""
    last = sorted(glob.glob(f"{device}/{kind}-*.jsonl"))[-1]
    open(f"{last[:-12]}{int(last[-12:-6]) + 1:06}.jsonl", "w").close()


def last(device, kind="j"):
    return sorted(glob.glob(f"{device}/{kind}-*.jsonl"))[-1]


# January: a desk with three feeds, marks, settings, an undo and a redo.
desk, laptop, phone = Home("desk"), Home("laptop"), Home("phone")
feed("harbour", ["one"])
feed("garden", ["one", "two"])
feed("tower", ["one", "two"])
desk("2026-01-01T08:00:00Z", "add", url("harbour.xml"), url("garden.xml"), "--tag", "daily")
desk("2026-01-01T08:01:00Z", "add", url("tower.xml"), "--title", "The Tower")
own = {desk: desk.device("desk")}
feed("harbour", ["one"] + [f"old{n}" for n in range(6)], body="A long body that is purged. " * 12)
desk("2026-01-01T12:00:00Z", "sync", "harbour")
ids = desk.ids("2026-01-01T12:01:00Z")
desk("2026-01-01T12:02:00Z", "mark", "read", *[ids[f"harbour old{n}"] for n in range(6)], ids["harbour one"])
desk("2026-01-01T12:03:00Z", "mark", "star", ids["harbour old0"])
desk("2026-01-01T12:04:00Z", "mark", "tag:later", ids["garden one"], ids["tower one"])
desk("2026-01-01T12:05:00Z", "mark", "untag:later", ids["tower one"])
desk("2026-01-01T12:06:00Z", "mark", "read", "--feed", "garden")
desk("2026-01-01T12:07:00Z", "undo")
desk("2026-01-01T12:08:00Z", "mark", "star", ids["tower two"])
desk("2026-01-01T12:09:00Z", "undo")
act = json.loads(desk("2026-01-01T12:09:30Z", "undo", "--list", "--json").splitlines()[0])["act"]
desk("2026-01-01T12:10:00Z", "undo", act)
desk("2026-01-01T12:11:00Z", "set", "garden", "--interval", "6h", "--user-agent", "Gardener/1", "--http1.1",
     "--keep-days", "400", "--keep-articles", "50")
desk("2026-01-01T12:12:00Z", "remove", "tower")
for minute in range(40):
    desk(f"2026-01-01T12:{minute + 15}:00Z", "mark", ["tag:flip", "untag:flip"][minute % 2], "--all")
line(last(own[desk]), {"at": "2026-01-01T13:00:00.000Z", "op": "note", "feed": "x", "text": "of a newer version"})

# The same folder on a laptop and a phone; the phone is given away in February.
for home in (laptop, phone):
    shutil.copytree(f"{desk.path}/store", f"{home.path}/store")
    given.update({d.replace(desk.path, home.path): n for d, n in list(given.items())})
phone("2026-01-05T09:00:00Z", "mark", "star", ids["garden two"])
own[phone] = phone.device("phone")
phone("2026-01-05T09:01:00Z", "mark", "tag:train", ids["garden one"])
feed("ferry", ["one", "two"])
phone("2026-01-05T09:02:00Z", "add", url("ferry.xml"))
phone("2026-01-05T09:03:00Z", "mark", "read", phone.ids("2026-01-05T09:03:00Z")["ferry one"])
feed("garden", ["one", "two", "three"], body="Another word.")
laptop("2026-01-06T20:00:00Z", "sync", "garden")
own[laptop] = laptop.device("laptop")
laptop("2026-01-06T20:01:00Z", "mark", "read", laptop.ids("2026-01-06T20:01:00Z")["garden three"])
carry(phone, desk)
carry(laptop, desk)
given.update({d.replace(home.path, desk.path): n for home in (laptop, phone) for d, n in list(given.items())})
desk("2026-02-01T10:00:00Z", "devices", "forget", "phone", "--yes")

# A feed moves for good, an article is revised; another person's state is taken over.
feed("harbour", ["one", "new"], body="A word, revised.")
moved["harbour.xml"] = url("port.xml")
documents["port.xml"] = documents["harbour.xml"]
for day in ("02", "03", "05", "06"):
    desk(f"2026-02-{day}T10:00:00Z", "sync", "harbour")
state = [
    {"feed": "aaaaaaaaaaaaaaaaaaaa", "url": "https://import.example/feed.xml", "subscribed": True, "tags": ["imported"]},
    {"feed": "bbbbbbbbbbbbbbbbbbbb", "url": "/home/ann/feed.xml", "subscribed": True, "title": "A file"},
    {"mark": "cccccccccccccccccccc", "starred": True, "tags": ["unseen"]},
]
desk("2026-02-07T10:00:00Z", "import", "-", input="".join(json.dumps(s) + "\n" for s in state))

# The files are full; what is old is purged in March, one purge is taken back, one article starred again.
for kind in "ja":
    seal(own[desk], kind)
feed("garden", ["one", "two", "three", "four"], body="Another word.")
desk("2026-02-08T10:00:00Z", "sync", "garden")
desk("2026-02-08T10:01:00Z", "mark", "read", desk.ids("2026-02-08T10:01:00Z")["garden four"])
desk("2026-02-20T10:00:00Z", "gc", "--older-than", "30d", "--feed", "harbour")
desk("2026-02-20T10:01:00Z", "undo")
desk("2026-02-20T10:02:00Z", "gc", "--older-than", "30d", "--feed", "harbour")
# Snapshots in April, what they stand for goes in May; the next ones stand beside their files.
desk("2026-04-10T10:00:00Z", "gc")
desk("2026-05-20T10:00:00Z", "gc")
for kind in "ja":
    seal(own[desk], kind)
documents["port.xml"] = documents["port.xml"].replace("harbour new", "harbour newer")
desk("2026-05-21T10:00:00Z", "sync", "harbour")
for minute in range(50):
    desk(f"2026-05-21T10:{minute + 1:02}:00Z", "mark", ["tag:may", "untag:may"][minute % 2], "--all")
for kind in "ja":
    seal(own[desk], kind)
desk("2026-05-22T10:00:00Z", "mark", "tag:summer", desk.ids("2026-05-22T10:00:00Z")["garden four"])
desk("2026-07-10T10:00:00Z", "gc")
desk("2026-07-11T10:00:00Z", "mark", "star", desk.ids("2026-07-11T10:00:00Z")["harbour old0"])

# The laptop's file came twice, and once with a line that the other has not; a person wrote into it,
# and damage and a newer format came to it.
theirs = f"{desk.path}/store/dev/{os.path.basename(own[laptop])}"
copy = f"{theirs}/j-000001.sync-conflict-20260301-101010-ABCDEFG.jsonl"
shutil.copy(f"{theirs}/j-000001.jsonl", copy)
line(copy, {"at": "2026-03-01T10:10:00.000Z", "op": "set", "key": "tag:copied", "val": True,
            "ids": [ids["garden one"]]})
line(f"{theirs}/j-000001.jsonl", {"at": "2026-03-02T10:10:00.000Z", "op": "set", "key": "tag:byhand", "val": True,
                                  "ids": [ids["garden two"]]}, number=False)
with open(f"{theirs}/j-000001.jsonl", "ab") as file:
    file.write(bytes(20) + b'\n{"n":99,"at":"2026-03-03T10:10:00.000Z","op":"set","key":"read","val":true,"ids":['
               b'"garbled"],"sum":"00000000"}\n')
newer = f"{theirs}/j-000002.jsonl"
with open(newer, "w") as file:
    file.write('{"n":50,"at":"2026-03-04T10:10:00.000Z","op":"open","fmt":2,"dev":"%s","seg":2}\n'
               % os.path.basename(theirs))
desk("2026-07-12T10:00:00Z", "doctor", "--json", fine=False)

os.makedirs(TARGET)
shutil.copytree(f"{desk.path}/store", f"{TARGET}/store")
shutil.rmtree(SCRATCH)

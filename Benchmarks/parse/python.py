"""Parses the documents of a list with a library of Python.

  python.py fastfeedparser|feedparser LIST PASSES

The documents are read into memory first. One pass is counted and not timed; PASSES more are timed.
"""

import gc
import importlib
import resource
import sys
import time

library = importlib.import_module(sys.argv[1])
with open(sys.argv[2]) as paths:
    documents = [open(path.rstrip("\n"), "rb").read() for path in paths]


def text_bytes(entry):
    """The bytes of the same fields as in the other programs."""
    texts = [entry.get(key) for key in ("title", "link", "id", "description")]
    texts += [part.get("value") for part in entry.get("content") or []]
    return sum(len(text.encode(errors="replace")) for text in texts if text)


def is_feed(feed):
    """feedparser raises nothing: what it knows no version of is no feed to it."""
    return bool(feed.entries) or bool(getattr(feed, "version", "x"))


items = text = 0
for number, document in enumerate(documents, 1):
    try:
        feed = library.parse(document)
    except Exception:
        print("unread", number)
        continue
    if not is_feed(feed):
        print("unread", number)
    items += len(feed.entries)
    text += sum(text_bytes(entry) for entry in feed.entries)
for _ in range(int(sys.argv[3])):
    gc.collect()
    cpu, wall = time.thread_time(), time.perf_counter()
    for document in documents:
        try:
            library.parse(document)
        except Exception:
            pass
    print("pass", time.thread_time() - cpu, time.perf_counter() - wall)
print("items", items)
print("text", text)
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

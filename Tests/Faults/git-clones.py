#!/usr/bin/env python3
"""Two machines that share the store through git: pull, merge, line ends, markers.

    git-clones.py RILL          needs git
"""

import os
import subprocess

from faults import Home, demand, feed, finish, has, many, ok, scratch, skipped, write


def git(path, *words, must=True):
    done = subprocess.run(
        ["git", "-c", "user.name=Ann", "-c", "user.email=ann@blog.example", "-c", "init.defaultBranch=main", *words],
        cwd=path, capture_output=True, text=True, env={**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "HOME": path},
    )
    if must:
        demand(done.returncode == 0, f"git {' '.join(words)}", done.stdout + done.stderr)
    return done


def exchange(home):
    git(home.path + "/store", "add", "-A")
    git(home.path + "/store", "commit", "-q", "--allow-empty", "-m", "marks")
    git(home.path + "/store", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    git(home.path + "/store", "push", "-q", "origin", "main")


def clones(crlf):
    name = crlf or "plain"
    bare = scratch(f"{name}.git")
    git("/", "init", "-q", "--bare", bare)
    first = Home(f"{name}-first")
    first.follow(3)
    store = first.path + "/store"
    git(store, "init", "-q")
    git(store, "remote", "add", "origin", bare)
    if crlf == "forced":
        # The worst: no attributes, and every line end is turned.
        os.remove(store + "/.gitattributes")
    git(store, "add", "-A")
    git(store, "commit", "-q", "-m", "first")
    git(store, "push", "-q", "origin", "HEAD:main")
    second = Home(f"{name}-second")
    settings = ["-c", "core.autocrlf=true"] if crlf else []
    git("/", *settings, "clone", "-q", "-b", "main", *(["-c", "core.autocrlf=true"] if crlf else []), bare,
        second.path + "/store")
    ids = first.ids()
    demand(second.ids() == ids, f"{name}: a clone has the articles")
    titles = sorted(ids)
    for turn in range(many(2, 8)):
        first.must("mark", "read", ids[titles[turn % 9]])
        second.must("mark", "star", ids[titles[(turn + 3) % 9]])
        exchange(first)
        exchange(second)
        exchange(first)
        demand(first.state() == second.state(), f"{name}: after pull {turn} the states differ")
    demand(first.state() == first.state(fresh=True), f"{name}: the index says something else")
    demand(second.state() == second.state(fresh=True), f"{name}: the index says something else")
    demand(len(first.devices()) == len(second.devices()), f"{name}: devices")
    returns = sum(b"\r\n" in open(path, "rb").read() for path in second.segments())
    ok(f"git, {name}: both clones append, pulls merge without a conflict, the states are equal; "
       f"{returns} files have CRLF; devices {len(first.devices())}")
    return first, second


def markers():
    """One file edited on both sides without the attributes: git leaves markers in it."""
    home = Home("markers")
    home.follow(2)
    ids = home.ids()
    home.must("mark", "read", *list(ids.values())[:2])
    other = Home("markers-other")
    subprocess.run(["cp", "-r", home.path + "/store", other.path + "/store"], check=True)
    journal = [path for path in home.segments() if "/j-" in path][0]
    lines = open(journal).read().splitlines()
    device = home.devices()[0]
    # What git leaves of two versions whose ends differ; it stands in the directory of another device.
    text = "\n".join(lines[:-1] + ["<<<<<<< HEAD", lines[-1], "=======", lines[-1], ">>>>>>> theirs", ""])
    there = other.path + f"/store/dev/{device}/{os.path.basename(journal)}"
    write(there, text)
    listed = other("list", "--all", "--json")
    demand(listed.returncode == 0, "markers: the list", listed.stderr)
    demand(other.articles()[0].keys() == home.articles()[0].keys(), "markers: articles")
    demand(other.state() == home.state(), "markers: the state is another one")
    other.forget_index()
    told = other("list").stderr + other("doctor").stdout
    demand("merge marker" in told or "marker" in told, "markers: nobody tells", told)
    other.must("mark", "unread", list(ids.values())[0])
    ok("git, markers: all lines between them count, and they are reported with file and byte")


if not has("git"):
    skipped("there is no git")
else:
    clones(None)
    clones("autocrlf")
    clones("forced")
    markers()
finish()

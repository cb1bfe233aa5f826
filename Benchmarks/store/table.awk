# Lays out the facts of a store, lines of `NAME VALUE`, and lines of `NAME WALL CPU PEAK STATUS`, in
# milliseconds and KB. What was run more than once counts with its median.

function median(list, count, i, j, held) {
  for (i = 2; i <= count; i++) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

NF == 2 { fact[$1] = $2; next }
{
  run = ++runs[$1]
  walls[$1, run] = $2
  cpus[$1, run] = $3
  if ($4 > peak[$1]) peak[$1] = $4
  if ($5 != 0) status[$1] = $5
}

function wall(name, i, list) {
  for (i = 1; i <= runs[name]; i++) list[i] = walls[name, i]
  return median(list, runs[name])
}

function cpu(name, i, list) {
  for (i = 1; i <= runs[name]; i++) list[i] = cpus[name, i]
  return median(list, runs[name])
}

# The median over the rounds of one command's time to the other's.
function ratio(name, other, i, list) {
  for (i = 1; i <= runs[name]; i++) list[i] = walls[name, i] / walls[other, i]
  return median(list, runs[name])
}

function row(name, words) {
  printf "  %-44s %10.1f %10.1f %10.1f%s\n", words, wall(name), cpu(name), peak[name] * 1024 / 1e6,
    name in status ? "  ended with " status[name] : ""
}

function limit(what, value, most, unit) {
  printf "  %-44s %10.2f %10.2f %-4s%s\n", what, value, most, unit, (value > most ? " <<" : "")
  if (value > most) over++
}

END {
  printf "%d articles, %.0f MB in %d segments, index %.0f MB\n\n", fact["articles"],
    fact["bytes"] / 1e6, fact["segments"], fact["index"] / 1e6
  printf "%-46s %10s %10s %10s\n", "", "wall ms", "CPU ms", "peak MB"
  row("floor", "sqlite3, nothing: what a process costs")
  row("version", "rill --version")
  row("list", "rill list --limit 50")
  row("list-sqlite3", "sqlite3, the same")
  row("mark", "rill mark read ID")
  row("mark-sqlite3", "sqlite3, the same")
  row("feeds", "rill feeds")
  row("feeds-sqlite3", "sqlite3, a grouped count")
  row("common", "rill search, " fact["common"] " hits, newest 50")
  row("rare", "rill search, " fact["rare"] " hits")
  row("rebuild", "the index built anew")
  row("text", "full text of all articles")
  printf "\n%-46s %10s %10s\n", "budgets", "is", "may be"
  limit("list to sqlite3", ratio("list", "list-sqlite3"), 4, "x")
  limit("list: memory", peak["list"] * 1024 / 1e6, 40, "MB")
  limit("mark to sqlite3", ratio("mark", "mark-sqlite3"), 3, "x")
  if ("syncs" in fact) limit("mark: calls of fsync and fdatasync", fact["syncs"], 1, "")
  limit("unread count of every feed to sqlite3", ratio("feeds", "feeds-sqlite3"), 1, "x")
  limit("search, common word", wall("common"), 50, "ms")
  limit("search, rare word", wall("rare"), 20, "ms")
  limit("rebuild", wall("rebuild") / 1000, 60, "s")
  limit("rebuild: memory", peak["rebuild"] * 1024 / 1e6, 150, "MB")
  limit("full text: memory", peak["text"] * 1024 / 1e6, 150, "MB")
  for (name in status) over++
  exit over > 0
}

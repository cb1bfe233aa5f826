# Lays out the lines `NAME ROUND pass CPU WALL` and `NAME ROUND FACT VALUE` of all turns as a table.

$3 == "pass" {
  passes[$1]++
  cpu[$1, passes[$1]] = $4
  wall[$1, passes[$1]] = $5
  if (!(($1, $2) in round_best) || $4 < round_best[$1, $2]) round_best[$1, $2] = $4
  if ($2 > rounds) rounds = $2
  next
}
$3 == "unread" {
  if ($2 == 1) unread[$1] = unread[$1] " " $4
  next
}
$3 == "peak" {
  if ($4 > peak[$1]) peak[$1] = $4
  next
}
{ fact[$1, $3] = $4 }

# The value in the middle of list[1..count], which gets sorted.
function median(list, count, i, j, held) {
  for (i = 2; i <= count; i++) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

# The median over the rounds of how much faster this one was than the collecting C program.
function ratio(name, i, count, list) {
  for (i = 1; i <= rounds; i++)
    if ((name, i) in round_best) list[++count] = round_best["collecting", i] / round_best[name, i]
  return median(list, count)
}

function row(name, title, bytes, i, times, walls, fastest, middle, quick) {
  fastest = quick = 1e9
  for (i = 1; i <= passes[name]; i++) {
    times[i] = cpu[name, i]
    if (times[i] < fastest) fastest = times[i]
    if (wall[name, i] < quick) quick = wall[name, i]
  }
  middle = median(times, passes[name])
  printf "%-34s %8.1f %8.1f %8.1f %8.2f %8.1f %8s %11s\n", title, bytes / fastest / 1e6,
    bytes / middle / 1e6, bytes / quick / 1e6, ratio(name), peak[name] / 1024,
    fact[name, "items"], fact[name, "text"]
}

END {
  bytes = fact["rill", "bytes"]
  title["rill"] = "Rill, to finished articles"
  title["collecting"] = "libxml2 push SAX in C, collecting"
  title["bare"] = "libxml2 push SAX in C, bare"
  title["fastfeedparser"] = "fastfeedparser (Python)"
  title["feedparser"] = "feedparser (Python)"
  title["sfeed"] = "sfeed, a process per document"
  title["true"] = "(true, a process per document)"
  printf "%.1f MB of documents; each took its turn in %d rounds\n\n", bytes / 1e6, rounds
  printf "%-34s %8s %8s %8s %8s %8s %8s %11s\n", "", "CPU", "CPU", "wall", "to C", "peak", "", "text"
  printf "%-34s %8s %8s %8s %8s %8s %8s %11s\n", "one thread", "best", "median", "best",
    "median", "MiB", "items", "bytes"
  count = split(contenders, names, " ")
  for (i = 1; i <= count; i++) row(names[i], title[names[i]], bytes)
  print ""
  for (i = 1; i <= count; i++) {
    if (names[i] == "true" || unread[names[i]] == "") continue
    number = split(unread[names[i]], numbers, " ")
    printf "%s: cannot read %d of the documents, by number:%s\n", title[names[i]], number,
      unread[names[i]]
  }
  if (fact["collecting", "malformed"] > 0)
    printf "libxml2 recovered from errors in %d documents\n", fact["collecting", "malformed"]
}

# Lays out lines of `PHASE NAME WALL CPU PEAK SOCKETS STATUS ACCEPTS REQUESTS ACCEPTS REQUESTS DISK`: the
# counts of the server before and after. What was run more than once counts with its median CPU time.

function median(list, count, i, j, held) {
  for (i = 2; i <= count; i++) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

{
  if (!(($1, $2) in runs)) order[$1] = order[$1] " " $2
  if (!($1 in order_seen)) { order_seen[$1] = 1; phases[++phase_count] = $1 }
  run = ++runs[$1, $2]
  walls[$1, $2, run] = $3
  cpus[$1, $2, run] = $4
  if ($5 > peak[$1, $2]) peak[$1, $2] = $5
  if ($6 > sockets[$1, $2]) sockets[$1, $2] = $6
  if ($7 > 0) status[$1, $2] = $7
  # One connection is that of the count itself.
  connections[$1, $2] = $10 - $8 - 1
  requests[$1, $2] = $11 - $9 - 1
  disk[$1, $2] = $12
}

function wall(phase, name, i, list) {
  for (i = 1; i <= runs[phase, name]; i++) list[i] = walls[phase, name, i]
  return median(list, runs[phase, name])
}

function cpu(phase, name, i, list) {
  for (i = 1; i <= runs[phase, name]; i++) list[i] = cpus[phase, name, i]
  return median(list, runs[phase, name])
}

# The median over the rounds of one program's CPU time to the other's.
function ratio(phase, name, other, i, list) {
  for (i = 1; i <= runs[phase, name]; i++) list[i] = cpus[phase, name, i] / cpus[phase, other, i]
  return median(list, runs[phase, name])
}

function limit(what, value, most, unit) {
  printf "%-58s %10.2f %10.2f %-6s%s\n", what, value, most, unit, (value > most ? " <<" : "")
  if (value > most) over++
}

function has(phase, name) { return ((phase, name) in runs) }

END {
  title["5000-first"] = "5,000 feeds on 500 names, first sync"
  title["5000-none"] = "5,000 feeds on 500 names, nothing changed"
  title["5000-tenth"] = "5,000 feeds on 500 names, a tenth changed"
  title["1000-first"] = "1,000 of them, first sync"
  title["1000-none"] = "1,000 of them, nothing changed"
  title["1000-tenth"] = "1,000 of them, a tenth changed"
  title["tls-first"] = "1,000 feeds on 1,000 names with TLS, first sync"
  title["tls-none"] = "1,000 feeds on 1,000 names with TLS, nothing changed"
  title["many-first"] = "10,000 feeds on 2,000 names, first sync"
  title["many-none"] = "10,000 feeds on 2,000 names, nothing changed"
  shown["rill"] = "Rill"
  shown["reference"] = "C reference: parses, appends lines"
  shown["loop"] = "C loop: libcurl alone"
  shown["curl"] = "curl --parallel with ETags"
  shown["newsboat"] = "newsboat"
  shown["sfeed"] = "sfeed_update"
  for (i = 1; i <= phase_count; i++) {
    phase = phases[i]
    if (!(phase in title)) continue
    printf "\n%-52s %8s %8s %8s %8s %8s %8s %8s\n", title[phase], "CPU s", "wall s", "peak", "connec-", "most",
      "re-", "disk"
    printf "%-52s %8s %8s %8s %8s %8s %8s %8s\n", "", "", "", "MB", "tions", "sockets", "quests", "MB"
    count = split(order[phase], names, " ")
    for (j = 1; j <= count; j++) {
      name = names[j]
      printf "  %-50s %8.2f %8.2f %8.1f %8d %8d %8d %8s%s\n", shown[name], cpu(phase, name), wall(phase, name),
        peak[phase, name] * 1024 / 1e6, connections[phase, name], sockets[phase, name], requests[phase, name],
        disk[phase, name] ? sprintf("%.1f", disk[phase, name] / 1e6) : "",
        (phase, name) in status ? "  ended with " status[phase, name] : ""
    }
  }
  if (phase_count > 0) printf "\n%-58s %10s %10s\n", "budgets", "is", "may be"
  if (has("5000-first", "rill")) {
    limit("first sync: CPU to that of the C reference", ratio("5000-first", "rill", "reference"), 3, "x")
    limit("first sync: memory", peak["5000-first", "rill"] * 1024 / 1e6, 150, "MB")
    limit("first sync: disk to the lines of the C reference",
      disk["5000-first", "rill"] / disk["5000-first", "reference"], 1.3, "x")
    limit("nothing changed: CPU to that of the C loop", ratio("5000-none", "rill", "loop"), 4, "x")
    limit("nothing changed: memory", peak["5000-none", "rill"] * 1024 / 1e6, 80, "MB")
    limit("a tenth changed: CPU to that of the C reference", ratio("5000-tenth", "rill", "reference"), 4, "x")
  }
  if (has("tls-first", "rill")) {
    limit("1,000 TLS hosts, first sync: CPU", cpu("tls-first", "rill"), 4, "s")
    limit("1,000 TLS hosts, nothing changed: CPU", cpu("tls-none", "rill"), 4, "s")
    limit("1,000 TLS hosts: memory", peak["tls-first", "rill"] * 1024 / 1e6, 200, "MB")
  }
  if (has("many-none", "rill")) {
    limit("10,000 feeds that answer 304: CPU", cpu("many-none", "rill"), 4, "s")
    limit("10,000 feeds that answer 304: wall", wall("many-none", "rill"), 15, "s")
    limit("10,000 feeds that answer 304: memory", peak["many-none", "rill"] * 1024 / 1e6, 150, "MB")
    limit("10,000 feeds that answer 304: open sockets", sockets["many-none", "rill"], 512, "")
  }
  for (pair in status) over++
  exit over > 0
}

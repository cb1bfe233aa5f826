import Foundation
import TestSupport
import Testing

private let now = "2026-11-22T20:00:00Z"

/// A feed with a tag, an article and a rule; the completions of a shell are in `completions`.
private func machine(_ shell: String) throws -> Machine {
  let machine = try Machine()
  let feed =
    #"{"version":"https://jsonfeed.org/version/1.1","title":"Weir Watch","items":["#
    + #"{"id":"1","title":"The heron"}]}"#
  _ = try machine.rill("add", "--tag", "river", machine.file("a.json", feed), now: now)
  _ = try machine.rill("rules", "add", "title:sponsored", "--hide", now: now)
  let script = try machine.rill("--generate-completion-script", shell)
  _ = try machine.file("completions", script.output)
  return machine
}

/// What is typed, up to the cursor, and what the only suggestion is.
private func questions(_ machine: Machine) throws -> [(typed: String, suggestion: String)] {
  let id = try machine.rill("list", "--format", "{id}", now: now).lines[0]
  let rule = String(try machine.rill("rules", "list", now: now).lines[0].prefix(6))
  return [
    ("rill rul", "rules"), ("rill list --feed Wei", "Weir Watch"), ("rill log Wei", "Weir Watch"),
    ("rill list --tag ri", "river"), ("rill show \(id.prefix(3))", String(id.prefix(8))),
    ("rill open \(id.prefix(3))", String(id.prefix(8))), ("rill mark unst", "unstar"),
    ("rill rules remove \(rule.prefix(2))", rule), ("rill rules run \(rule.prefix(2))", rule),
    ("rill config get fetch.j", "fetch.jobs"), ("rill feeds --verdict qu", "quiet"),
  ]
}

/// Runs a script with the program in `PATH`.
private func answers(_ command: String, _ script: String, _ machine: Machine) throws -> [String] {
  let file = try machine.file("ask", script)
  let run = try machine.shell(
    "cd \(machine.home) && PATH=$(dirname $RILL):$PATH timeout 60 \(command) \(file)",
    now: now
  )
  #expect(run.errors == "")
  return run.lines
}

private func isInstalled(_ shell: String) -> Bool {
  ["/bin/", "/usr/bin/", "/usr/local/bin/"]
    .contains { FileManager.default.isExecutableFile(atPath: $0 + shell) }
}

extension ProgramTests {
  @Test func `bash suggests commands, feeds, tags, articles, rules and settings`() throws {
    let machine = try machine("bash")
    let questions = try questions(machine)
    let script = """
      . ./completions
      ask() {
        COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        COMPREPLY=()
        _rill rill "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[*]}"
      }
      \(questions.map { "ask " + $0.typed }.joined(separator: "\n"))
      """
    #expect(try answers("bash", script, machine) == questions.map(\.suggestion))
  }

  @Test(.enabled(if: isInstalled("fish")))
  func `fish suggests commands, feeds, tags, articles, rules and settings`() throws {
    let machine = try machine("fish")
    let questions = try questions(machine)
    // Only a line that is being typed has a cursor; here it stands behind the last word. After a
    // suggestion come a tab and what it is.
    let script = """
      source completions
      function commandline
        if contains -- -tC $argv
          string length -- (builtin commandline -t)
        else
          builtin commandline $argv
        end
      end
      \(questions.map { "complete -C '\($0.typed)'" }.joined(separator: "\n"))
      """
    let found = try answers("fish --no-config", script, machine)
    #expect(found.map { $0.split(separator: "\t")[0] } == questions.map { $0.suggestion[...] })
  }

  @Test(.enabled(if: isInstalled("zsh")))
  func `zsh suggests commands, feeds, tags, articles, rules and settings`() throws {
    let machine = try machine("zsh")
    let questions = try questions(machine)
    // The line that comes of it is printed in angle brackets, and thrown away.
    let script = """
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "PS1= PS2=; autoload -U compinit; compinit -u -D; source ./completions; compdef _rill rill"
      zpty -w shell 'ask() { zle complete-word; print -r -- "<""$BUFFER>"; BUFFER= }; zle -N ask; bindkey "^I" ask; print "<""ready>"'
      zpty -r shell line '*<ready>*'
      for typed in \(questions.map { "'\($0.typed)'" }.joined(separator: " ")); do
        zpty -w -n shell "$typed"$'\\t'
        zpty -r shell line '*<rill*>*'
        print -r -- ${${line##*<}%%>*}
      done
      """
    let wanted = questions.map { question in
      let typed = question.typed.split(separator: " ").dropLast().joined(separator: " ")
      return typed + " " + question.suggestion.replacing(" ", with: "\\ ")
    }
    let found = try answers("zsh -f", script, machine)
    #expect(found.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 } == wanted)
  }
}

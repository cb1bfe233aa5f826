import FeedModel

extension Episode {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("season", season)
    json.member("season_name", seasonName)
    json.member("number", number)
    json.member("number_name", numberName)
    json.member("kind", kind?.rawValue)
    json.member("explicit", isExplicit)
    json.member("blocked", isBlocked)
    json.members("transcripts", transcripts) { file, json in file.write(to: &json) }
    json.member("chapters_file", chaptersFile) { file, json in file.write(to: &json) }
    json.members("chapters", chapters) { chapter, json in chapter.write(to: &json) }
    json.members("people", people) { person, json in person.write(to: &json) }
    json.members("soundbites", soundbites) { part, json in part.write(to: &json) }
    json.endObject()
  }

  init(from json: inout JSONReader) throws(JSONError) {
    var episode = Episode()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "season": episode.season = try json.count()
      case "season_name": episode.seasonName = try json.string()
      case "number": episode.number = try json.decimal()
      case "number_name": episode.numberName = try json.string()
      case "kind": episode.kind = EpisodeKind(rawValue: try json.string())
      case "explicit": episode.isExplicit = try json.bool()
      case "blocked": episode.isBlocked = try json.bool()
      case "transcripts":
        episode.transcripts = try json.elements { json throws(JSONError) in
          try LinkedFile(from: &json)
        }
      case "chapters_file": episode.chaptersFile = try LinkedFile(from: &json)
      case "chapters":
        episode.chapters = try json.elements { json throws(JSONError) in try Chapter(from: &json) }
      case "people":
        episode.people = try json.elements { json throws(JSONError) in
          try Participant(from: &json)
        }
      case "soundbites":
        episode.soundbites = try json.elements { json throws(JSONError) in
          try Soundbite(from: &json)
        }
      default: try json.skip()
      }
    }
    self = episode
  }
}

extension LinkedFile {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("url", url)
    json.member("mime_type", mimeType)
    json.member("language", language)
    json.member("rel", relation)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var file = LinkedFile(url: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "url": file.url = try json.string()
      case "mime_type": file.mimeType = try json.string()
      case "language": file.language = try json.string()
      case "rel": file.relation = try json.string()
      default: try json.skip()
      }
    }
    self = file
  }
}

extension Chapter {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("start_in_seconds", startInSeconds)
    json.member("title", title)
    json.member("url", url)
    json.member("image", image)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var chapter = Chapter(startInSeconds: 0)
    try json.object { name, json throws(JSONError) in
      switch name {
      case "start_in_seconds": chapter.startInSeconds = try json.decimal()
      case "title": chapter.title = try json.string()
      case "url": chapter.url = try json.string()
      case "image": chapter.image = try json.string()
      default: try json.skip()
      }
    }
    self = chapter
  }
}

extension Participant {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("role", role)
    json.member("group", group)
    json.member("url", url)
    json.member("image", image)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var person = Participant(name: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "name": person.name = try json.string()
      case "role": person.role = try json.string()
      case "group": person.group = try json.string()
      case "url": person.url = try json.string()
      case "image": person.image = try json.string()
      default: try json.skip()
      }
    }
    self = person
  }
}

extension Soundbite {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("start_in_seconds", startInSeconds)
    json.member("duration_in_seconds", durationInSeconds)
    json.member("title", title)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var part = Soundbite(startInSeconds: 0, durationInSeconds: 0)
    try json.object { name, json throws(JSONError) in
      switch name {
      case "start_in_seconds": part.startInSeconds = try json.decimal()
      case "duration_in_seconds": part.durationInSeconds = try json.decimal()
      case "title": part.title = try json.string()
      default: try json.skip()
      }
    }
    self = part
  }
}

import FeedModel

extension Media {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.members("files", files) { file, json in file.write(to: &json) }
    json.members("thumbnails", thumbnails) { picture, json in picture.write(to: &json) }
    json.members("credits", credits) { credit, json in credit.write(to: &json) }
    json.member("player_url", playerURL)
    json.member("rating", rating)
    json.member("stars", stars) { stars, json in stars.write(to: &json) }
    json.member("views", views)
    json.member("favorites", favorites)
    json.endObject()
  }

  init(from json: inout JSONReader) throws(JSONError) {
    var media = Media()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "files":
        media.files = try json.elements { json throws(JSONError) in try MediaFile(from: &json) }
      case "thumbnails":
        media.thumbnails = try json.elements { json throws(JSONError) in
          try Thumbnail(from: &json)
        }
      case "credits":
        media.credits = try json.elements { json throws(JSONError) in try Credit(from: &json) }
      case "player_url": media.playerURL = try json.string()
      case "rating": media.rating = try json.string()
      case "stars": media.stars = try StarRating(from: &json)
      case "views": media.views = try json.integer()
      case "favorites": media.favorites = try json.integer()
      default: try json.skip()
      }
    }
    self = media
  }
}

extension MediaFile {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("url", url)
    json.member("group", group)
    json.member("mime_type", mimeType)
    json.member("medium", medium)
    json.member("width", width)
    json.member("height", height)
    json.member("kilobits_per_second", kilobitsPerSecond)
    json.member("size_in_bytes", sizeInBytes)
    json.member("duration_in_seconds", durationInSeconds)
    json.member("language", language)
    json.member("default", isDefault)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var file = MediaFile(url: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "url": file.url = try json.string()
      case "group": file.group = try json.count()
      case "mime_type": file.mimeType = try json.string()
      case "medium": file.medium = try json.string()
      case "width": file.width = try json.count()
      case "height": file.height = try json.count()
      case "kilobits_per_second": file.kilobitsPerSecond = try json.decimal()
      case "size_in_bytes": file.sizeInBytes = try json.integer()
      case "duration_in_seconds": file.durationInSeconds = try json.integer()
      case "language": file.language = try json.string()
      case "default": file.isDefault = try json.bool()
      default: try json.skip()
      }
    }
    self = file
  }
}

extension Thumbnail {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("url", url)
    json.member("width", width)
    json.member("height", height)
    json.member("time_in_seconds", timeInSeconds)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var picture = Thumbnail(url: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "url": picture.url = try json.string()
      case "width": picture.width = try json.count()
      case "height": picture.height = try json.count()
      case "time_in_seconds": picture.timeInSeconds = try json.decimal()
      default: try json.skip()
      }
    }
    self = picture
  }
}

extension Credit {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("role", role)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var credit = Credit(name: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "name": credit.name = try json.string()
      case "role": credit.role = try json.string()
      default: try json.skip()
      }
    }
    self = credit
  }
}

extension StarRating {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("average", average)
    json.member("count", count)
    json.member("minimum", minimum)
    json.member("maximum", maximum)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var stars = StarRating()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "average": stars.average = try json.decimal()
      case "count": stars.count = try json.integer()
      case "minimum": stars.minimum = try json.decimal()
      case "maximum": stars.maximum = try json.decimal()
      default: try json.skip()
      }
    }
    self = stars
  }
}

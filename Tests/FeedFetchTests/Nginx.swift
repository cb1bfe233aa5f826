import Glibc
import LoopbackServer
import Synchronization

@testable import FeedFetch

/// A real web server on 127.0.0.1 with TLS and HTTP/2, for one test.
///
/// It serves `/file` with `ETag`, `Last-Modified` and gzip, and answers any other path with a text
/// of what it knows of the connection: its number, which request of it this is, the protocol, and
/// `r-` for a TLS session that was resumed, `.-` for a new one or `-` for none.
final class Nginx: Sendable {
  /// What a test changes.
  struct Options {
    /// After how many requests a connection is ended, over HTTP/2 with GOAWAY.
    var requestsPerConnection = 1000
  }

  /// The program and what makes certificates are there.
  static let isInstalled = ["nginx", "openssl"]
    .allSatisfy { unsafe system("PATH=$PATH:/usr/sbin command -v \($0) >/dev/null") == 0 }

  private let directory: String
  // Held open for as long as the server is to live.
  private let watch: Mutex<Watch?>
  let httpPort: Int
  let tlsPort: Int

  /// Starts the server.
  ///
  /// - Throws: When it does not start, or there are no certificates.
  init(_ options: Options = Options()) throws {
    var name = Array("/tmp/rill-nginx-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&name) else { throw NginxError.noDirectory }
    directory = unsafe String(cString: made)
    // It dies with this process too, however that ends.
    let watch = try Watch(
      "cat >/dev/null; kill $(cat \(directory)/pid); rm -rf \(directory)"
    )
    self.watch = Mutex(watch)
    try Self.run("cd \(directory) && \(Self.certify) && umask 022 && mkdir www tmp && chmod 755 .")
    let text = String(repeating: sampleFeed + "\n", count: 200)
    try Self.write(text, to: directory + "/www/file")
    var ports: [Int] = []
    for attempt in 1... {
      ports = try (0..<2).map { _ in try freePort() }
      try Self.write(Self.configuration(ports, options), to: directory + "/conf")
      let command = "PATH=$PATH:/usr/sbin nginx -p \(directory) -c conf -e error.log 2>/dev/null"
      // Somebody else may have taken a port in the meantime.
      if unsafe system(command) == 0 { break }
      if attempt == 5 { throw NginxError.notStarted }
    }
    (httpPort, tlsPort) = (ports[0], ports[1])
  }

  deinit { stop() }

  /// Ends the server.
  func stop() { watch.withLock { $0 = nil } }

  /// Settings that trust its authority and know the hosts' address; `count` of them are `hN.good.test`.
  func settings(hosts count: Int = 1) -> FetchSettings {
    let names =
      (0..<count).map { "h\($0).good.test" } + ["expired.test", "self.test", "wrong.test"]
    var settings = testSettings(
      resolve: names.flatMap { ["\($0):\(tlsPort)", "\($0):\(httpPort)"] }
    )
    settings.caFile = directory + "/ca.pem"
    return settings
  }

  /// A URL over TLS.
  func tls(_ path: String, host: String = "h0.good.test") -> String {
    "https://\(host):\(tlsPort)\(path)"
  }

  /// A URL in the clear.
  func plain(_ path: String, host: String = "h0.good.test") -> String {
    "http://\(host):\(httpPort)\(path)"
  }

  private static let certify = """
    { printf 'subjectAltName=DNS:*.good.test' >good.cnf
    printf 'subjectAltName=DNS:expired.test' >expired.cnf
    printf 'subjectAltName=DNS:other.test' >wrong.cnf
    key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
    openssl req -x509 $key -days 2 -subj '/CN=Rill tests' -keyout ca.key -out ca.pem &&
    openssl req -x509 $key -days 2 -subj '/CN=self' -addext 'subjectAltName=DNS:self.test' \
      -keyout self.key -out self.pem &&
    openssl req $key -subj '/CN=leaf' -keyout leaf.key -out leaf.csr &&
    for name in good wrong expired; do
      days=2
      [ $name = expired ] && days=-1
      openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $days \
        -extfile $name.cnf -out $name.pem || exit 1
      cp leaf.key $name.key
    done; } >/dev/null 2>&1
    """

  private static func configuration(_ ports: [Int], _ options: Options) -> String {
    let facts = """
      root www; etag on; gzip on; gzip_types *; gzip_min_length 1; default_type application/rss+xml;
      keepalive_requests \(options.requestsPerConnection);
      location = /file { }
      location = /moved { return 301 $arg_to; }
      location / {
        return 200 "$connection $connection_requests $server_protocol ${ssl_session_reused}- $http_authorization";
      }
      """
    let tls = [
      ("default_server", "h0.good.test", "good"), ("", "expired.test", "expired"),
      ("", "self.test", "self"), ("", "wrong.test", "wrong"),
    ]
    .map { kind, host, name in
      """
      server {
        listen 127.0.0.1:\(ports[1]) ssl http2 \(kind);
        server_name \(host);
        ssl_certificate \(name).pem;
        ssl_certificate_key \(name).key;
        ssl_session_cache shared:tls:1m;
        \(facts)
      }
      """
    }
    return """
      pid pid;
      worker_processes 1;
      events { worker_connections 2000; }
      http {
        access_log off;
        client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
        uwsgi_temp_path tmp; scgi_temp_path tmp;
        server {
          listen 127.0.0.1:\(ports[0]);
          \(facts)
        }
        \(tls.joined(separator: "\n"))
      }
      """
  }

  private static func run(_ command: String) throws(NginxError) {
    guard unsafe system(command) == 0 else { throw .failed(command: command) }
  }

  private static func write(_ text: String, to path: String) throws(NginxError) {
    guard let file = unsafe fopen(path, "w") else { throw .noFile(path: path) }
    unsafe fputs(text, file)
    unsafe fclose(file)
  }
}

/// Why there is no server.
enum NginxError: Error {
  case noDirectory
  case noFile(path: String)
  case failed(command: String)
  case notStarted
}

/// A command that goes on when nobody holds it any more.
// Safe because the stream is opened once, used by nothing, and closed once.
@safe private final class Watch: @unchecked Sendable {
  private let stream: UnsafeMutablePointer<FILE>

  init(_ command: String) throws(NginxError) {
    guard let stream = unsafe popen(command, "we") else { throw .failed(command: command) }
    unsafe self.stream = stream
  }

  deinit { unsafe pclose(stream) }
}

//! Downloads from a server that plays a script.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::*;

const NAME: &str = "digits.gz";

/// Nobody waits in a test.
const IMPATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_millis(500),
    pause: Duration::ZERO,
};

/// What the server sends to one request, and how long it then keeps the connection open.
struct Answer {
    bytes: Vec<u8>,
    hold: Duration,
}

/// A server that gives each request the next of its answers.
struct Server {
    mirror: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mirror = format!("http://{}/mirror/", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while !request.ends_with("\r\n\r\n") && reader.read_line(&mut request).unwrap() > 0
                {
                }
                log.lock().unwrap().push(request.to_lowercase());
                // The client may have hung up on what it does not want.
                let _ = stream.write_all(&answer.bytes);
                // The next request need not wait for this one's silence to end.
                thread::spawn(move || {
                    thread::sleep(answer.hold);
                    drop((reader, stream));
                });
            }
        });
        Self { mirror, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer with the first `sent` bytes of `body`.
fn answer(head: &str, body: &[u8], sent: usize) -> Answer {
    let length = body.len();
    let mut bytes = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    bytes.extend(&body[..sent]);
    Answer {
        bytes,
        hold: Duration::ZERO,
    }
}

fn whole(body: &[u8]) -> Answer {
    answer("200 OK", body, body.len())
}

fn rest(body: &[u8], from: usize) -> Answer {
    let (last, length) = (body.len() - 1, body.len());
    let head = format!("206 Partial Content\r\nContent-Range: bytes {from}-{last}/{length}");
    answer(&head, &body[from..], length - from)
}

/// Bytes of which no two runs of a few are equal.
fn content() -> Vec<u8> {
    (0..50_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn remote(content: &[u8]) -> RemoteFile {
    RemoteFile {
        name: NAME,
        sha256: sha256(content).leak(),
        bytes: content.len() as u64,
    }
}

fn download(server: &Server, folder: &Path) -> Result<(), DownloadError> {
    let files = [remote(&content())];
    fetch_with(
        IMPATIENCE,
        &server.mirror,
        &files,
        folder,
        &mut |_, _, _| {},
    )
}

/// The folder holds the file and nothing else.
fn assert_whole(folder: &Path) {
    assert!(fs::read(folder.join(NAME)).unwrap() == content());
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
}

fn assert_empty(folder: &Path) {
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

fn partial(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.partial"))
}

#[test]
fn a_file_is_downloaded_whole() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("data/set");
    let server = Server::start(vec![whole(&content())]);
    let mut reports = Vec::new();
    let mut report = |name: &str, done, total| {
        assert_eq!((name, total), (NAME, 200_000));
        reports.push(done);
    };
    let files = [remote(&content())];
    fetch_with(IMPATIENCE, &server.mirror, &files, &deep, &mut report).unwrap();
    assert_whole(&deep);
    assert!(reports.is_sorted());
    assert_eq!(
        (reports.first(), reports.last()),
        (Some(&0), Some(&200_000))
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].starts_with("get /mirror/digits.gz http/1.1\r\n"));
    assert!(!requests[0].contains("range:"));
}

#[test]
fn a_file_that_is_there_causes_no_request() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(NAME), content()).unwrap();
    let server = Server::start(vec![]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_damaged_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let mut damaged = content();
    damaged[1000] ^= 1;
    fs::write(folder.path().join(NAME), damaged).unwrap();
    let server = Server::start(vec![whole(&content())]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
}

#[test]
fn a_connection_that_is_cut_off_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let content = content();
    // Only what is missing is in the second answer: the whole can but be put together.
    let server = Server::start(vec![
        answer("200 OK", &content, 120_000),
        rest(&content, 120_000),
    ]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(!requests[0].contains("range:"));
    assert!(requests[1].contains("\r\nrange: bytes=120000-\r\n"));
}

#[test]
fn a_connection_that_falls_silent_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let content = content();
    let hold = 20 * IMPATIENCE.silence;
    let mut silent = answer("200 OK", &content, 70_000);
    silent.hold = hold;
    let bytes = Vec::new();
    let mute = Answer { bytes, hold };
    let server = Server::start(vec![silent, mute, rest(&content, 70_000)]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_connection_that_is_always_cut_off_leaves_what_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let content = content();
    let mut answers = vec![answer("200 OK", &content, 100)];
    for have in [100, 200, 300] {
        let mut piece = rest(&content, have);
        let body = content.len() - have;
        piece.bytes.truncate(piece.bytes.len() - body + 100);
        answers.push(piece);
    }
    answers.push(rest(&content, 400));
    let server = Server::start(answers);
    let error = download(&server, folder.path()).unwrap_err().to_string();
    assert!(error.starts_with(&format!(
        "{}{NAME} was cut off after 400 of 200000 bytes: ",
        server.mirror
    )));
    assert!(error.ends_with("; run the same command again to resume"));
    assert!(fs::read(partial(folder.path())).unwrap() == content[..400]);

    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert_eq!(server.requests().len(), 5);
    assert!(server.requests()[4].contains("range: bytes=400-"));
}

#[test]
fn a_server_that_only_sends_all_starts_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(partial(folder.path()), b"something else").unwrap();
    let server = Server::start(vec![whole(&content())]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert!(server.requests()[0].contains("range: bytes=14-"));
}

#[test]
fn a_body_without_a_length_ends_with_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    bytes.extend(content());
    let hold = Duration::ZERO;
    let server = Server::start(vec![Answer { bytes, hold }]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
}

#[test]
fn a_whole_partial_file_is_checked_without_a_request() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(partial(folder.path()), content()).unwrap();
    let server = Server::start(vec![]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_partial_file_that_is_too_long_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(partial(folder.path()), [content(), vec![0]].concat()).unwrap();
    let server = Server::start(vec![whole(&content())]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
    assert!(!server.requests()[0].contains("range:"));
}

#[test]
fn wrong_content_is_refused_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let mut corrupt = content();
    corrupt[150_000] ^= 1;
    let url = |server: &Server| format!("{}{NAME}", server.mirror);

    let server = Server::start(vec![whole(&corrupt)]);
    let error = download(&server, folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{} is not the expected file: its SHA-256 is {}, expected {}; what arrived was \
             removed: run the same command again, or try another mirror",
            url(&server),
            sha256(&corrupt),
            sha256(&content())
        )
    );
    assert_empty(folder.path());

    // The start is another file's: it shows when all is there.
    fs::write(partial(folder.path()), b"something else").unwrap();
    let server = Server::start(vec![rest(&content(), 14)]);
    let error = download(&server, folder.path()).unwrap_err();
    assert!(matches!(error, DownloadError::WrongDigest { .. }));
    assert_empty(folder.path());

    // The server has less than what is here.
    fs::write(partial(folder.path()), b"something else").unwrap();
    let server = Server::start(vec![answer("416 Range Not Satisfiable", b"", 0)]);
    let error = download(&server, folder.path()).unwrap_err();
    assert!(matches!(error, DownloadError::WrongDigest { .. }));
    assert_empty(folder.path());
}

#[test]
fn another_length_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let longer = [content(), content()].concat();
    let mut endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    endless.extend(&longer);
    let endless = Answer {
        bytes: endless,
        hold: Duration::ZERO,
    };
    for (answer, found) in [
        (whole(&longer), "400000"),
        (whole(b"<html>"), "6"),
        (endless, "more than 200000"),
    ] {
        let server = Server::start(vec![answer]);
        let error = download(&server, folder.path()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}{NAME} is not the expected file: the server sends {found} bytes, expected \
                 200000; try another mirror",
                server.mirror
            )
        );
        assert_empty(folder.path());
    }
}

#[test]
fn what_arrived_survives_answers_of_another_kind() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(partial(folder.path()), &content()[..100]).unwrap();
    for answer in [whole(b"<html>"), answer("503 Service Unavailable", b"", 0)] {
        download(&Server::start(vec![answer]), folder.path()).unwrap_err();
    }
    let server = Server::start(vec![rest(&content(), 100)]);
    download(&server, folder.path()).unwrap();
    assert_whole(folder.path());
}

#[test]
fn another_part_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let content = content();
    let longer = [&content[..], &content].concat();
    let nameless = answer("206 Partial Content", &content[100..], 199_900);
    for answer in [rest(&content, 99), rest(&longer, 100), nameless] {
        fs::write(partial(folder.path()), &content[..100]).unwrap();
        let server = Server::start(vec![answer]);
        let error = download(&server, folder.path()).unwrap_err();
        assert!(
            matches!(error, DownloadError::WrongRange { expected: 100, .. }),
            "{error}"
        );
        assert_empty(folder.path());
    }
}

#[test]
fn a_server_without_the_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![answer("404 Not Found", b"no such file", 12)]);
    let error = download(&server, folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot download {}{NAME}: the server answers 404 Not Found; try another mirror",
            server.mirror
        )
    );
    assert_empty(folder.path());
}

#[test]
fn an_address_without_a_server_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mirror = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for mirror in [mirror.as_str(), "ftp://127.0.0.1", "no address at all", ""] {
        let files = [remote(&content())];
        let error =
            fetch_with(IMPATIENCE, mirror, &files, folder.path(), &mut |_, _, _| {}).unwrap_err();
        let start = format!("cannot download {mirror}/{NAME}: ");
        assert!(error.to_string().starts_with(&start), "{error}");
        assert!(matches!(error, DownloadError::Unreachable { .. }));
        assert_empty(folder.path());
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let server = Server::start(vec![]);
    let error = download(&server, &file).unwrap_err();
    assert!(matches!(&error, DownloadError::Disk { path, .. } if *path == file));
}

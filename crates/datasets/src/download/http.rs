//! The part of a download that is HTTP.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};

use ureq::http::{HeaderMap, StatusCode, header};
use ureq::{Agent, Error, Timeout};

use super::{DownloadError, Patience, Report, Target};

const BUFFER_BYTES: usize = 1 << 16;

/// Makes requests.
pub struct Client(Agent);

impl Client {
    pub fn new(patience: Patience) -> Self {
        let config = Agent::config_builder()
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_recv_response(Some(patience.silence))
            .timeout_per_read(Some(patience.silence))
            .http_status_as_error(false)
            // After a connection was cut off, the next attempt needs a new one.
            .max_idle_connections(0)
            .build();
        Self(config.into())
    }

    /// Asks for what lies behind the first `have` bytes, and appends it to the partial file; starts
    /// over where the server only sends all. The file has the expected length afterwards, or the
    /// server has no more: the digest has the last word.
    pub fn receive(
        &self,
        target: &Target<'_>,
        have: u64,
        report: &mut Report<'_>,
    ) -> Result<(), DownloadError> {
        let mut request = self.0.get(&target.url);
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(error) if was_cut_off(&error) => return Err(cut_off(target, have, words(&error))),
            Err(error) => {
                return Err(DownloadError::Unreachable {
                    url: target.url.clone(),
                    problem: words(&error),
                });
            }
        };
        let (answer, body) = response.into_parts();
        let (file, start) = match answer.status {
            StatusCode::PARTIAL_CONTENT if have > 0 => {
                check_range(target, have, &answer.headers)?;
                (OpenOptions::new().append(true).open(&target.partial), have)
            }
            StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => return Ok(()),
            StatusCode::OK => {
                check_length(target, &answer.headers)?;
                (File::create(&target.partial), 0)
            }
            status => {
                return Err(DownloadError::Status {
                    url: target.url.clone(),
                    status: status.to_string(),
                });
            }
        };
        let mut file = file.map_err(|source| DownloadError::disk(&target.partial, source))?;
        save(target, start, &mut body.into_reader(), &mut file, report)
    }
}

/// Copies the body of an answer to the partial file, which has `done` bytes already.
fn save(
    target: &Target<'_>,
    mut done: u64,
    body: &mut impl Read,
    file: &mut File,
    report: &mut Report<'_>,
) -> Result<(), DownloadError> {
    let total = target.file.bytes;
    let mut buffer = vec![0; BUFFER_BYTES];
    report(target.file.name, done, total);
    loop {
        let read = match body.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // Nothing more was wanted.
            Err(_) | Ok(0) if done == total => return Ok(()),
            Ok(0) => return Err(cut_off(target, done, "the connection was closed".into())),
            Err(error) => return Err(cut_off(target, done, error.to_string())),
            Ok(read) => read,
        };
        let piece = buffer.get(..read).unwrap_or_default();
        if read as u64 > total - done {
            return Err(target.refuse(wrong_length(target, format!("more than {total}"))));
        }
        (file.write_all(piece)).map_err(|source| DownloadError::disk(&target.partial, source))?;
        done += read as u64;
        report(target.file.name, done, total);
    }
}

/// Whether trying again may help: somebody was there, and went away.
fn was_cut_off(error: &Error) -> bool {
    match error {
        Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::BrokenPipe
                | ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset
                | ErrorKind::UnexpectedEof
        ),
        Error::Timeout(timeout) => !matches!(timeout, Timeout::Connect | Timeout::Resolve),
        _ => false,
    }
}

/// The error in words, without the name of its kind.
fn words(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

fn cut_off(target: &Target<'_>, done: u64, problem: String) -> DownloadError {
    DownloadError::CutOff {
        url: target.url.clone(),
        done,
        total: target.file.bytes,
        problem,
    }
}

fn wrong_length(target: &Target<'_>, found: String) -> DownloadError {
    DownloadError::WrongLength {
        url: target.url.clone(),
        expected: target.file.bytes,
        found,
    }
}

/// Checks that an answer to `bytes=<have>-` is the rest of a file of the expected length.
fn check_range(target: &Target<'_>, have: u64, headers: &HeaderMap) -> Result<(), DownloadError> {
    let found = headers.get(header::CONTENT_RANGE);
    let found = String::from_utf8_lossy(found.map_or(b"", |value| value.as_bytes()));
    let total = target.file.bytes;
    let range = format!("bytes {have}-{}/", total - 1);
    match found.strip_prefix(range.as_str()) {
        Some("*") => Ok(()),
        Some(length) if length.parse() == Ok(total) => Ok(()),
        _ => Err(target.refuse(DownloadError::WrongRange {
            url: target.url.clone(),
            expected: have,
            found: found.into_owned(),
        })),
    }
}

/// Checks the length of the whole file, if the server says it.
fn check_length(target: &Target<'_>, headers: &HeaderMap) -> Result<(), DownloadError> {
    let found = headers.get(header::CONTENT_LENGTH);
    match found.and_then(|value| value.to_str().ok()) {
        Some(found) if found.trim().parse() != Ok(target.file.bytes) => {
            // What is here already is kept: this may be the page that a network without access to
            // the internet answers everything with.
            Err(wrong_length(target, found.to_owned()))
        }
        _ => Ok(()),
    }
}

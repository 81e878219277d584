//! A server of files, for this computer alone.

use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;
use tiny_http::{Header, Request, Response, Server, StatusCode};

use super::files::HEADERS;

/// Threads that answer: a page asks for several files at once, and each waits until the browser has taken its file.
const THREADS: usize = 16;

/// Serves `folder` until the program is stopped.
pub fn serve(folder: &Path, port: u16) -> Result<()> {
    let server = Server::http(("127.0.0.1", port)).map_err(|error| {
        anyhow!("cannot serve at port {port}: {error}; --port takes another one")
    })?;
    println!("http://{}/", server.server_addr());
    println!("Ctrl-C stops the server.");
    std::io::stdout().flush()?;
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    // A browser that goes away is no reason to stop.
                    let _ = answer(folder, request);
                }
            });
        }
    });
    Ok(())
}

fn answer(folder: &Path, request: Request) -> Result<()> {
    let Some(file) = file(folder, request.url()) else {
        let missing = Response::from_string("There is no such file.");
        return Ok(request.respond(missing.with_status_code(StatusCode(404)))?);
    };
    let mut bytes = fs::read(&file)?;
    let tag = format!("\"{}\"", model::sha256(&bytes));
    let has = |name: &'static str, value: &str| {
        let mut headers = request.headers().iter();
        headers.any(|one| one.field.equiv(name) && one.value.as_str().contains(value))
    };
    if has("If-None-Match", &tag) {
        let same = Response::empty(304).with_header(header("ETag", &tag)?);
        return Ok(request.respond(same)?);
    }
    let mut headers = vec![
        header("Content-Type", mime(&file))?,
        header("ETag", &tag)?,
        // The browser asks whether its copy is still right.
        header("Cache-Control", "no-cache")?,
    ];
    let lines = fs::read_to_string(folder.join(HEADERS)).unwrap_or_default();
    for (name, value) in lines
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
    {
        headers.push(header(name, value)?);
    }
    // Weights hardly become smaller, and packing a trainer takes a second.
    if extension(&file) != "wasm" && has("Accept-Encoding", "gzip") {
        headers.push(header("Content-Encoding", "gzip")?);
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&bytes)?;
        bytes = packed.finish()?;
    }
    let mut response = Response::from_data(bytes);
    for header in headers {
        response.add_header(header);
    }
    Ok(request.respond(response)?)
}

fn header(name: &str, value: &str) -> Result<Header> {
    Header::from_bytes(name, value).map_err(|()| anyhow!("`{name}: {value}` is no header"))
}

/// The file that `url` names, if it is in `folder`.
fn file(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    let is_inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(path);
    (is_inside && file.is_file()).then_some(file)
}

fn extension(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

fn mime(file: &Path) -> &'static str {
    match extension(file) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "csv" => "text/csv; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

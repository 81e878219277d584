//! The files of the page, and the list of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

/// Beginnings of the paths that the page asks for when it is opened for the first time.
const FIRST: [&str; 9] = [
    PAGE,
    "style.css",
    "icon.svg",
    "src/main.js",
    "src/dom.js",
    "src/offline.js",
    "src/try/",
    "burn-algorithms/",
    "models/mnist",
];
/// Some more, from a folder whose other files are asked for later.
const FIRST_OF_SANDBOX: [&str; 3] = [
    "src/sandbox/files.js",
    "src/sandbox/messages.js",
    "src/sandbox/program.js",
];
/// What the page is called by the folder's list: servers may not know it by another name.
const PAGE: &str = "./";

/// What a server should send with each file, in the form that servers of static files read.
pub const HEADERS: &str = "_headers";

/// A folder that is being filled.
pub struct Site {
    folder: PathBuf,
    /// Of each file its path in the folder, its digest and its bytes.
    files: Vec<(String, String, usize)>,
}

impl Site {
    /// An empty folder.
    pub fn new(folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            files: Vec::new(),
        })
    }

    /// Writes the file `path`, with slashes.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        self.files
            .push((path.to_owned(), model::sha256(bytes), bytes.len()));
        Ok(())
    }

    /// Copies the file `from`.
    pub fn copy(&mut self, from: &Path, path: &str) -> Result<()> {
        let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        self.write(path, &bytes)
    }

    /// Copies the scripts in `folder` and below.
    pub fn copy_all(&mut self, folder: &Path, path: &str) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        paths.sort();
        for from in paths {
            let name = from.file_name().unwrap_or_default().to_string_lossy();
            let path = format!("{path}/{name}");
            if from.is_dir() {
                self.copy_all(&from, &path)?;
            } else if is_script(&from) {
                self.copy(&from, &path)?;
            }
        }
        Ok(())
    }

    /// Links with which a browser loads the first scripts at once, and not each when another asks for it.
    pub fn preload(&self) -> String {
        let scripts = self.files.iter().map(|(path, ..)| path);
        let links = scripts
            .filter(|path| is_script(Path::new(path)) && is_first(path))
            .map(|path| format!("<link rel=\"modulepreload\" href=\"{path}\" />"));
        links.collect::<Vec<_>>().join("\n    ")
    }

    /// Writes the list of all files: for the page as JSON, and for the service worker as a script.
    pub fn finish(mut self) -> Result<()> {
        const LIST: &str = "files.json";
        self.files
            .retain(|(path, ..)| path != "sw.js" && path != HEADERS);
        for (path, ..) in &mut self.files {
            if path == "index.html" {
                PAGE.clone_into(path);
            }
        }
        self.files.sort();
        let digests: Vec<_> = (self.files.iter())
            .map(|(path, digest, _)| format!("{path} {digest}"))
            .collect();
        let version = model::sha256(digests.join("\n").as_bytes());
        let list: Vec<_> = (self.files.iter())
            .map(
                |(path, _, bytes)| json!({"path": path, "bytes": bytes, "isFirst": is_first(path)}),
            )
            .chain([json!({"path": LIST, "bytes": 0, "isFirst": true})])
            .collect();
        let list = json!({"version": version, "files": list}).to_string();
        self.write(LIST, list.as_bytes())?;
        self.write("files.js", format!("self.FILES = {list};\n").as_bytes())
    }
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js")
}

fn is_first(path: &str) -> bool {
    FIRST.iter().any(|first| path.starts_with(first)) || FIRST_OF_SANDBOX.contains(&path)
}

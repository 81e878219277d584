//! `cargo xtask web`: the page to try and to train in, as a folder of files that any server can give.

mod files;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pack::Form;
use sha2::{Digest, Sha256};
use xtask::trainers::{self, ALGORITHMS, OWN_DATA};
use xtask::{reproducible, shell};

use files::{HEADERS, Site};

/// The program that prepares pictures.
const CONVERT_IMAGE: &str = "convert-image";
/// What the page runs WASI programs with, below `node_modules`.
const WASI_SHIM: &str = "@bjorn3/browser_wasi_shim/dist";

/// How the page is made and served.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Port of the server on this computer; 0 takes one that is free.
    #[arg(long, value_name = "PORT", default_value_t = 8000)]
    port: u16,
    /// Make the folder and serve nothing.
    #[arg(long, conflicts_with = "port")]
    no_serve: bool,
    /// Folder with the programs as modules, such as tabular-flex.wasm and convert-image.wasm, in place of those that are
    /// built here.
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
    /// Serve the folder as it was made last.
    #[arg(long, conflicts_with_all = ["no_serve", "programs"])]
    no_build: bool,
}

/// Makes the folder `target/web`, and serves it.
pub fn run(options: &Options) -> Result<()> {
    let folder = shell::target().join("web");
    if options.no_build {
        ensure!(
            folder.join("index.html").exists(),
            "there is no {}: leave out --no-build",
            folder.display()
        );
    } else {
        make(options, &folder)?;
    }
    match options.no_serve {
        true => Ok(()),
        false => serve(&folder, options.port),
    }
}

/// Serves `folder` until the program is stopped. Node, which has installed what the page needs, has a server too.
fn serve(folder: &Path, port: u16) -> Result<()> {
    let mut node = shell::command("node");
    node.arg("web/serve.js").arg(folder).arg(port.to_string());
    let status = node.status().context("cannot run `node`")?;
    ensure!(status.success(), "the server ended");
    Ok(())
}

fn make(options: &Options, folder: &Path) -> Result<()> {
    let programs = match &options.programs {
        Some(folder) => folder.clone(),
        None => build()?,
    };
    install_shim()?;
    let root = shell::root();
    let web = root.join("web");
    let mut site = Site::new(folder)?;
    for name in ["style.css", "icon.svg", "sw.js"] {
        site.copy(&web.join(name), name)?;
    }
    site.copy_all(&web.join("src"), "src")?;
    site.copy_all(&root.join("packages/js/src"), "burn-algorithms")?;
    site.copy_all(
        &web.join("node_modules").join(WASI_SHIM),
        "vendor/browser_wasi_shim",
    )?;
    site.copy(&root.join("iris/datasets/Iris.csv"), "data/iris.csv")?;
    for name in ALGORITHMS {
        let model = fs::read(root.join("artifacts").join(name).join("model.safetensors"))?;
        let file = [name, Form::Library.suffix()].concat();
        let library = pack::pack_as(Form::Library, &model)?;
        site.write(&format!("models/{file}"), &library)?;
    }
    let trainers = OWN_DATA.map(trainers::program);
    for name in trainers.iter().map(String::as_str).chain([CONVERT_IMAGE]) {
        let file = format!("{name}.wasm");
        site.copy(&programs.join(&file), &format!("programs/{file}"))?;
    }
    let page = fs::read_to_string(web.join("index.html"))?;
    let report = fs::read_to_string(root.join("artifacts/iris/report.html"))?;
    let policy = policy(&report)?;
    let page = page
        .replace("{{policy}}", &policy)
        .replace("{{preload}}", &site.preload());
    site.write("index.html", page.as_bytes())?;
    // What stands in the page does not hold in its workers.
    let headers = format!(
        "/*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"
    );
    site.write(HEADERS, headers.as_bytes())?;
    site.finish()?;
    println!("{}", folder.display());
    Ok(())
}

/// Builds the trainers and `convert-image` as modules, and returns the folder with them.
fn build() -> Result<PathBuf> {
    let root = shell::root();
    for package in OWN_DATA {
        trainers::build(&root, &trainers::program(package))?;
    }
    reproducible::build(&root, &[CONVERT_IMAGE.to_owned()], &[] as &[&str])
}

/// Installs what runs WASI programs in a browser, in the version of `web/package-lock.json`.
fn install_shim() -> Result<()> {
    let web = shell::root().join("web");
    let installed = fs::metadata(web.join("node_modules/.package-lock.json"));
    let locked = fs::metadata(web.join("package-lock.json"))?;
    if let Ok(installed) = installed
        && installed.modified()? >= locked.modified()?
    {
        return Ok(());
    }
    shell::install_packages(&web, &["--omit=dev"])
}

/// The content security policy of the page: everything comes from its own server. The style sheet that stands in
/// `report`, as in all reports, is named by its digest.
fn policy(report: &str) -> Result<String> {
    let style = report
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .context("artifacts/iris/report.html has no style sheet")?;
    let digest = BASE64_STANDARD.encode(Sha256::digest(style.0));
    Ok([
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        &format!("style-src 'self' 'sha256-{digest}'"),
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    .join("; "))
}

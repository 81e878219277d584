//! The page to try and to train in, in a real browser.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use common::quick::PROGRAMS;
use common::{MODULES, node_tests};
use testing::host::can_be_tested;
use xtask::shell;

/// A server, which ends with the test.
struct Server(Child);

impl Server {
    /// Serves what `cargo xtask web` has made; returns the address too.
    fn start() -> (Self, String) {
        let mut node = Command::new("node");
        node.arg(shell::root().join("web/serve.js"));
        node.arg(shell::target().join("web")).arg("0");
        let mut server = Self(node.stdout(Stdio::piped()).spawn().unwrap());
        let lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let address = lines.find(|line| line.starts_with("http://")).unwrap();
        (server, address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_page_passes_its_tests_in_a_browser() {
    if !["chromium", "npm", "node", "wasmtime"]
        .into_iter()
        .all(can_be_tested)
    {
        return;
    }
    let web = shell::root().join("web");
    shell::install_packages(&web, &[]).unwrap();
    let mut make = Command::new(env!("CARGO_BIN_EXE_xtask"));
    shell::run(
        make.args(["web", "--no-serve", "--programs"])
            .arg(&*PROGRAMS),
    )
    .unwrap();
    let (_server, address) = Server::start();

    let tests = node_tests(&web.join("test"));
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1"]).args(tests);
    node.env("BURN_ALGORITHMS_WEB", address);
    node.env("BURN_ALGORITHMS_LIBRARIES", MODULES.path());
    let output = node.output().unwrap();
    let [printed, error] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{printed}\n{error}");
}

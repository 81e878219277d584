//! The trainers as programs, on a small data set of drawn numerals: what they write, what they
//! refuse, and how they survive.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod data;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use data::{
    FILES, SIDE, assert_same_losses, command, data, image, learning, learnt, report, train,
};
use testing::trainer::{self, TempDir, assert_lines, folder, names, refused};

const NDARRAY: &str = env!("CARGO_BIN_EXE_mnist-ndarray");
const FLEX: &str = env!("CARGO_BIN_EXE_mnist-flex");

/// Everything that a run writes.
const ARTIFACTS: [&str; 12] = [
    "bom.json",
    "config.json",
    "confusion.svg",
    "curves.svg",
    "errors.png",
    "metrics.jsonl",
    "mnist-inference.lib.wasm",
    "mnist-inference.wasm",
    "model.safetensors",
    "provenance.json",
    "report.html",
    "report.json",
];

/// The same as a tree of PNG files.
fn tree(folder: &Path) -> PathBuf {
    let data = folder.join("tree");
    for (part, range) in [("train", 0..60), ("valid", 60..80)] {
        for digit in 0..10 {
            let class = data.join(part).join(digit.to_string());
            fs::create_dir_all(&class).unwrap();
            for index in range.clone() {
                let file = fs::File::create(class.join(format!("{index}.png"))).unwrap();
                let mut encoder = png::Encoder::new(file, SIDE as u32, SIDE as u32);
                encoder.set_color(png::ColorType::Grayscale);
                encoder.set_depth(png::BitDepth::Eight);
                let mut writer = encoder.write_header().unwrap();
                writer.write_image_data(&image(digit, index)).unwrap();
            }
        }
    }
    data
}

/// Where the run in `folder` has left its artifacts.
fn artifacts(folder: &TempDir) -> PathBuf {
    folder.path().join("artifacts")
}

fn model(folder: &TempDir) -> Vec<u8> {
    trainer::model(&artifacts(folder))
}

#[test]
fn a_run_prints_the_blogs_network_and_writes_every_artifact() {
    let folder = folder();
    let data = data(folder.path());
    let printed = train(command(FLEX, &data, folder.path(), &[]));
    assert_lines(
        &printed,
        &[
            "Train Dataset Size: 550",
            "Validation Dataset Size: 50",
            "Test Dataset Size: 200",
            "    conv: Conv2d {stride: [1, 1], kernel_size: [3, 3], dilation: [1, 1], groups: 1, padding: Valid, params: 80}",
            "    conv: Conv2d {stride: [1, 1], kernel_size: [3, 3], dilation: [1, 1], groups: 1, padding: Valid, params: 1168}",
            "    conv: Conv2d {stride: [1, 1], kernel_size: [3, 3], dilation: [1, 1], groups: 1, padding: Valid, params: 3480}",
            "  dropout: Dropout {prob: 0.5}",
            "  fc1: Linear {d_input: 11616, d_output: 32, bias: false, params: 371712}",
            "  fc2: Linear {d_input: 32, d_output: 10, bias: false, params: 320}",
            "  params: 376952",
        ],
    );
    assert!(printed.contains(" s an epoch"), "{printed}");
    assert_eq!(names(&folder.path().join("artifacts")), ARTIFACTS);
    let report = report(folder.path());
    assert_eq!(report["parameters"], 376_952);
    assert!(report["seconds_per_epoch"].as_f64().unwrap() > 0.0);
    assert!(report["frozen_difference"].as_f64().unwrap() <= 1e-5);
    let sheet = fs::read(folder.path().join("artifacts/errors.png")).unwrap();
    let decoded = png::Decoder::new(std::io::Cursor::new(sheet)).read_info();
    assert_eq!(decoded.unwrap().info().width, 960);
}

#[test]
fn numerals_are_learnt_and_both_forms_of_the_data_give_the_same_model() {
    let (idx, png) = (folder(), folder());
    let arguments = ["--epochs", "6", "--averaging", "0.9"];
    let data = data(idx.path());
    train(command(FLEX, &data, idx.path(), &arguments));
    let accuracy = report(idx.path())["test"]["metrics"]["accuracy"]
        .as_f64()
        .unwrap();
    assert!(accuracy >= 0.95, "{accuracy}");
    let tree = tree(png.path());
    train(command(FLEX, &tree, png.path(), &arguments));
    assert_eq!(model(&idx), model(&png));
    assert_eq!(
        report(idx.path())["data_sha256"],
        report(png.path())["data_sha256"]
    );
}

#[test]
fn the_same_command_gives_the_same_model_however_many_threads_there_are() {
    for program in [NDARRAY, FLEX] {
        let folders = [folder(), folder(), folder()];
        let data = data(folders[0].path());
        let run = |folder: &TempDir, seed: &str, threads: &str| {
            let mut command = command(program, &data, folder.path(), &["--seed", seed]);
            command.env("RAYON_NUM_THREADS", threads);
            train(command);
        };
        run(&folders[0], "1", "1");
        run(&folders[1], "1", "3");
        run(&folders[2], "2", "3");
        assert_eq!(model(&folders[0]), model(&folders[1]), "{program}");
        assert_ne!(model(&folders[0]), model(&folders[2]), "{program}");
    }
}

#[test]
fn both_cpu_backends_agree() {
    let [flex, ndarray] = [FLEX, NDARRAY].map(|program| {
        let folder = folder();
        // Until the network is not in the middle of learning any more.
        train(learning(program, folder.path(), "10"));
        learnt(folder.path())
    });
    assert!(flex.0 > 90.0, "the numerals are learnt: {}", flex.0);
    assert!((flex.0 - ndarray.0).abs() <= 0.5);
    assert_same_losses(&flex.1, &ndarray.1);
}

#[test]
fn a_killed_run_is_resumed_to_the_same_model() {
    let (whole, killed) = (folder(), folder());
    let data = data(whole.path());
    let arguments = ["--epochs", "3"];
    train(command(FLEX, &data, whole.path(), &arguments));
    let mut child = command(FLEX, &data, killed.path(), &arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    // After the line that names the data.
    let said = lines.nth(1).unwrap().unwrap();
    assert!(said.starts_with("epoch 1/3: "), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
    let mut resumed = Command::new(FLEX);
    resumed.arg("--data").arg(&data).arg("--resume");
    resumed
        .arg("--artifacts")
        .arg(killed.path().join("artifacts"));
    train(resumed);
    assert_eq!(model(&whole), model(&killed));
}

/// Serves each file under the mirror's names once, with what is asked for by a range.
fn serve(files: Vec<(String, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap().trim_start_matches('/');
            let file = files.iter().find(|(name, _)| name == path);
            let (status, body) = match file {
                Some((_, body)) => ("200 OK", &body[..]),
                None => ("404 Not Found", &b""[..]),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(&[head.as_bytes(), body].concat());
        }
    });
    format!("http://{address}/")
}

#[test]
fn a_download_that_is_not_mnist_is_refused() {
    let folder = folder();
    let mirror = serve(vec![(
        "train-images-idx3-ubyte.gz".into(),
        vec![7; 9_912_422],
    )]);
    let download = |mirror: &str| {
        let target = folder.path().join("download");
        let arguments = ["--download", "--mirror", mirror];
        refused(command(FLEX, &target, folder.path(), &arguments), 2)
    };
    let error = download(&mirror);
    assert!(error.contains("SHA-256"), "{error}");
    let error = download(&serve(Vec::new()));
    assert!(error.contains("404"), "{error}");
    let error = download("http://127.0.0.1:1/");
    assert!(
        error.contains("cannot download http://127.0.0.1:1/"),
        "{error}"
    );
    assert!(names(&folder.path().join("download")).is_empty());
}

#[test]
fn missing_data_is_said_with_the_command_that_gets_it() {
    let folder = folder();
    let output = Command::new(FLEX)
        .current_dir(folder.path())
        .env_remove("BURN_ALGORITHMS_DATA")
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("`mnist-flex --download` gets it"), "{error}");
}

#[test]
fn bad_data_is_refused_by_name() {
    /// What makes a good data set.
    type Make = fn(&Path) -> PathBuf;
    /// What is done to it, and what is said.
    type Case = (fn(&Path), &'static [&'static str]);
    let idx: [Case; 5] = [
        (
            |data| fs::remove_file(data.join(FILES[3])).unwrap(),
            &["t10k-labels-idx1-ubyte"],
        ),
        (
            |data| {
                fs::copy(data.join(FILES[1]), data.join(FILES[0])).unwrap();
            },
            &["train-images-idx3-ubyte", "are two files swapped?"],
        ),
        (
            |data| {
                fs::copy(data.join(FILES[3]), data.join(FILES[1])).unwrap();
            },
            &["600", "200"],
        ),
        (
            |data| {
                let mut bytes = fs::read(data.join(FILES[2])).unwrap();
                bytes[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
                fs::write(data.join(FILES[2]), bytes).unwrap();
            },
            &["t10k-images-idx3-ubyte", "4294967295"],
        ),
        (
            |data| {
                for file in FILES {
                    fs::remove_file(data.join(file)).unwrap();
                }
            },
            &["data"],
        ),
    ];
    let png: [Case; 5] = [
        (
            |data| fs::write(data.join("train/3/0.png"), "not a picture").unwrap(),
            &["3/0.png"],
        ),
        (
            |data| {
                let path = data.join("valid/7/61.png");
                let bytes = fs::read(&path).unwrap();
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            },
            &["7/61.png"],
        ),
        (
            |data| {
                let path = data.join("train/0/1.png");
                let file = fs::File::create(path).unwrap();
                // The header alone; there need not be a pixel behind it.
                let encoder = png::Encoder::new(file, 30_000, 30_000);
                drop(encoder.write_header().unwrap());
            },
            &["0/1.png", "30000x30000"],
        ),
        (
            |data| fs::remove_dir_all(data.join("train/9")).unwrap(),
            &["train", "9"],
        ),
        (
            |data| {
                fs::remove_dir_all(data.join("valid/4")).unwrap();
                fs::create_dir(data.join("valid/4")).unwrap();
            },
            &["valid", "4"],
        ),
    ];
    for (make, cases) in [(data as Make, idx), (tree as Make, png)] {
        for (spoil, parts) in cases {
            let folder = folder();
            let data = make(folder.path());
            spoil(&data);
            let error = refused(command(FLEX, &data, folder.path(), &[]), 2);
            for part in parts {
                assert!(error.contains(part), "{part}: {error}");
            }
            assert!(error.starts_with("error: "), "{error}");
        }
    }
}

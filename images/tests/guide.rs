//! The guide's commands, as printed but for an epoch of a few pictures: all of them take minutes.

#![cfg(unix)]

use std::path::Path;

#[test]
fn the_guides_commands_work_as_printed() {
    let program = Path::new(env!("CARGO_BIN_EXE_images-flex"));
    let photo = "package/img/google/64/1f600.png";
    testing::guide::follow("Pictures: emoji", program, &|command| {
        command
            .replace("json'))", "json'))[::16]")
            .replace("--data emoji", "--data emoji --epochs 1")
            .replace("photo.jpg", photo)
    });
}

//! Commands for the user to type.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Options;

/// What the user has to type to continue a run on `data` whose artifacts go to `folder`.
pub fn resume_command<O: Args>(data: &[PathBuf], options: &Options<O>, folder: &Path) -> String {
    let program = std::env::args_os().next().unwrap_or_default();
    let mut command = quoted(Path::new(&program));
    for data in data {
        command += &format!(" --data {}", quoted(data));
    }
    if options.transpose {
        command += " --transpose";
    }
    for argument in &options.own_arguments {
        command += &format!(" {}", quoted(Path::new(argument)));
    }
    if let Some(key) = &options.destination.sign {
        command += &format!(" --sign {}", quoted(key));
    }
    format!("{command} --artifacts {} --resume", quoted(folder))
}

/// The name of a file or folder, without where it is.
#[must_use]
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// `path` as a shell takes it.
pub fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
    match !path.is_empty() && path.chars().all(plain) {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_shell() {
        for (path, shown) in [
            ("artifacts/iris", "artifacts/iris"),
            ("my models", "'my models'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(Path::new(path)), shown);
        }
    }
}

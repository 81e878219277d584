use std::path::PathBuf;

use super::*;

type Part = Vec<(f64, f32, Option<String>)>;

/// Numbers that text would hardly give back.
fn part() -> Part {
    vec![
        (0.1 + 0.2, f32::MIN_POSITIVE / 3.0, Some("ø".into())),
        (-0.0, f32::INFINITY, None),
        (f64::MAX, 1.0 / 3.0, None),
    ]
}

fn origin(seed: &str) -> Origin {
    [("program", "test 1"), ("--seed", seed)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn folder() -> (tempfile::TempDir, Artifacts, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::prepare(folder.path()).unwrap();
    let path = artifacts.path(NAME);
    (folder, artifacts, path)
}

fn open(artifacts: &Artifacts, seed: &str, resume: bool) -> Result<Journal, TrainingError> {
    Journal::open(artifacts, &origin(seed), resume, "model")
}

/// Asks for the parts `names`; returns which of them had to be made.
fn made<'a>(journal: &Journal, names: &[&'a str]) -> Vec<&'a str> {
    let mut new = Vec::new();
    for name in names {
        let make = || {
            new.push(*name);
            Ok::<_, TrainingError>(part())
        };
        assert_eq!(journal.part(name, make).unwrap(), part());
    }
    new
}

/// A journal with the parts `a` and `b` of a run that was interrupted.
fn interrupted(artifacts: &Artifacts) {
    let journal = open(artifacts, "1", false).unwrap();
    assert_eq!(made(&journal, &["a", "b"]), ["a", "b"]);
    assert_eq!(journal.save().unwrap(), 2);
}

#[test]
fn finished_parts_are_taken_over_and_new_ones_added() {
    let (_folder, artifacts, path) = folder();
    interrupted(&artifacts);
    for (names, expected) in [
        (&["a", "b", "c"][..], &["c"][..]),
        (&["a", "b", "c", "d"], &["d"]),
    ] {
        let journal = open(&artifacts, "1", true).unwrap();
        assert_eq!(made(&journal, names), expected);
        assert_eq!(journal.save().unwrap(), names.len());
    }
    let journal = open(&artifacts, "1", true).unwrap();
    journal.begin("fold 2, ".into());
    assert_eq!(made(&journal, &["a"]), ["a"], "parts of folds are apart");
    journal.remove();
    assert!(!path.exists());
}

#[test]
fn nothing_is_written_before_there_is_a_part() {
    let (_folder, artifacts, path) = folder();
    let journal = open(&artifacts, "1", false).unwrap();
    assert_eq!(journal.save().unwrap(), 0);
    assert!(!path.exists());
    // A run that another one replaces stays as it is until then.
    interrupted(&artifacts);
    let before = fs::read(&path).unwrap();
    assert_eq!(open(&artifacts, "2", false).unwrap().save().unwrap(), 0);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_failed_part_is_not_kept() {
    let (_folder, artifacts, _) = folder();
    let journal = open(&artifacts, "1", false).unwrap();
    let failed = journal.part("a", || Err::<u8, _>(TrainingError::Plot("a".into())));
    assert!(failed.is_err());
    assert_eq!(made(&journal, &["a"]), ["a"]);
}

#[test]
fn what_was_being_written_at_a_kill_does_not_count() {
    let (_folder, artifacts, path) = folder();
    interrupted(&artifacts);
    let whole = fs::read(&path).unwrap();
    let journal = open(&artifacts, "1", true).unwrap();
    made(&journal, &["a", "b", "c"]);
    journal.save().unwrap();
    let longer = fs::read(&path).unwrap();
    // The new bytes are written from the first to the last, and then the number of those that count.
    for end in [whole.len() + 1, whole.len() + 40, longer.len()] {
        let killed = [&whole[..], &longer[whole.len()..end]].concat();
        fs::write(&path, killed).unwrap();
        let journal = open(&artifacts, "1", true).unwrap();
        assert_eq!(made(&journal, &["a", "b", "d"]), ["d"]);
        journal.save().unwrap();
        let journal = open(&artifacts, "1", true).unwrap();
        assert_eq!(made(&journal, &["a", "b", "d", "c"]), ["c"]);
    }
}

#[test]
fn damaged_bytes_are_refused_wherever_they_are() {
    let (_folder, artifacts, path) = folder();
    interrupted(&artifacts);
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let error = open(&artifacts, "1", true).err();
        let error = error.unwrap_or_else(|| unreachable!("{} bytes", bytes.len()));
        assert_eq!(error.exit_code(), 2);
        error.to_string()
    };
    for end in 0..whole.len() {
        let error = refused(&whole[..end]);
        assert!(error.contains("it is "), "{error}");
    }
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        let error = refused(&bytes);
        assert!(error.contains("; start without --resume"), "{error}");
    }
    let mut newer = whole.clone();
    newer[7] += 1;
    assert!(refused(&newer).contains("another version"));
}

#[test]
fn only_the_same_run_is_resumed() {
    let (_folder, artifacts, _) = folder();
    let message = |seed: &str| open(&artifacts, seed, true).err().map(|e| e.to_string());
    assert!(message("1").unwrap().starts_with("there is no checkpoint"));
    artifacts.publish(&[("model", vec![])]).unwrap();
    assert!(message("1").unwrap().contains("is finished"));
    interrupted(&artifacts);
    let other = message("2").unwrap();
    assert!(
        other.contains("it is of another run: --seed is `1` there and `2` here"),
        "{other}"
    );
    assert_eq!(message("1"), None);
}

#[test]
fn a_part_of_another_kind_does_not_fit() {
    let (_folder, artifacts, _) = folder();
    interrupted(&artifacts);
    let journal = open(&artifacts, "1", true).unwrap();
    let found: Result<[String; 9], TrainingError> =
        journal.part("a", || unreachable!("it is there"));
    let error = found.unwrap_err().to_string();
    assert!(error.contains("`a` does not fit the run"), "{error}");
}

//! Finds classes and their files: a folder for each class.

use std::fs;
use std::path::{Path, PathBuf};

use datasets::DataError;

use super::{bad, unreadable};

/// Names of the folders for the parts of a data set, in small letters.
const TRAIN: [&str; 2] = ["train", "training"];
const VALIDATION: [&str; 3] = ["val", "valid", "validation"];
const TEST: [&str; 2] = ["test", "testing"];
/// What file managers and archives leave behind beside hidden files, in small letters.
const LEFT_BEHIND: [&str; 3] = ["__macosx", "thumbs.db", "desktop.ini"];
/// Folders in folders, at most.
const DEEPEST: usize = 16;

/// A file with a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Where it is.
    pub path: PathBuf,
    /// The position of its class.
    pub class: usize,
}

impl Labelled {
    /// What it is called in the folder `data`.
    pub fn name(&self, data: &Path) -> String {
        let path = self.path.strip_prefix(data).unwrap_or(&self.path);
        path.display().to_string()
    }
}

/// Classes and their files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Names of the classes: those of the folders.
    pub classes: Vec<String>,
    /// The files to train on and then those to test on, by class and path.
    pub files: Vec<Labelled>,
    /// The first file to test on, if the folders say which they are.
    pub first_of_test: Option<usize>,
    /// What a person should know.
    pub notes: Vec<String>,
}

impl Tree {
    /// Takes out the files with these positions, in rising order.
    pub fn leave_out(&mut self, positions: &[usize]) {
        let is_out = |position: &usize| positions.binary_search(position).is_ok();
        if let Some(first) = &mut self.first_of_test {
            *first -= positions
                .iter()
                .filter(|position| **position < *first)
                .count();
        }
        let mut position = 0..;
        self.files
            .retain(|_| position.next().is_some_and(|position| !is_out(&position)));
    }
}

/// Finds the classes in the folder `data`, and the files to test on in `test` if it is given.
///
/// # Errors
///
/// If there are not at least two classes, or a folder cannot be listed.
pub fn find(data: &Path, test: Option<&Path>) -> Result<Tree, DataError> {
    let mut notes = Vec::new();
    let root = root(data)?;
    let inside = list(&root)?.folders;
    let part = |names: &[&str]| {
        let is_part = |path: &&PathBuf| names.contains(&name(path).to_lowercase().as_str());
        inside.iter().find(is_part).cloned()
    };
    let (parts, own_test) = match part(&TRAIN) {
        None => (vec![root.clone()], None),
        Some(train) => {
            let validation = part(&VALIDATION);
            if let Some(folder) = &validation {
                notes.push(format!(
                    "the pictures in `{}` are used like those in `{}`: pictures to validate on are drawn from all of them",
                    name(folder),
                    name(&train)
                ));
            }
            ([train].into_iter().chain(validation).collect(), part(&TEST))
        }
    };
    let mut classes = Vec::new();
    let mut files = Vec::new();
    for part in &parts {
        add(part, &mut classes, &mut files)?;
    }
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_cached_key(|class| sort_key(&classes[*class]));
    let names: Vec<String> = order.iter().map(|class| classes[*class].clone()).collect();
    if names.len() < 2 {
        let problem = match names.first() {
            None => "no folder with pictures in it; expected a folder for each class".to_owned(),
            Some(only) => {
                format!("only one class, `{only}`; expected a folder for each of two or more")
            }
        };
        return Err(bad(data, problem));
    }
    let mut sorted = relabelled(files, &classes, &names);
    let test = test.map(Path::to_owned).or(own_test);
    let first_of_test = match test {
        None => None,
        Some(folder) => {
            let first = sorted.len();
            let (mut classes, mut files) = (Vec::new(), Vec::new());
            add(&folder, &mut classes, &mut files)?;
            if let Some(unknown) = classes.iter().find(|class| !names.contains(class)) {
                let problem = format!("the class `{unknown}` has no pictures to train on");
                return Err(bad(&folder, problem));
            }
            if files.is_empty() {
                return Err(bad(
                    &folder,
                    "no pictures to test on; expected a folder for each class",
                ));
            }
            sorted.extend(relabelled(files, &classes, &names));
            Some(first)
        }
    };
    Ok(Tree {
        classes: names,
        files: sorted,
        first_of_test,
        notes,
    })
}

/// The folder whose folders are classes or parts: archives often have all in one more folder.
fn root(data: &Path) -> Result<PathBuf, DataError> {
    let mut root = data.to_owned();
    for _ in 0..DEEPEST {
        let inside = list(&root)?;
        let [only] = inside.folders.as_slice() else {
            break;
        };
        if !inside.files.is_empty() || list(only)?.folders.is_empty() {
            break;
        }
        root.clone_from(only);
    }
    Ok(root)
}

/// Adds the folders of `part` that have files in them as classes, and these files.
fn add(part: &Path, classes: &mut Vec<String>, files: &mut Vec<Labelled>) -> Result<(), DataError> {
    for folder in list(part)?.folders {
        let mut found = Vec::new();
        walk(&folder, &mut found, 0)?;
        if found.is_empty() {
            continue;
        }
        let name = name(&folder);
        let known = classes.iter().position(|class| *class == name);
        let class = known.unwrap_or(classes.len());
        if known.is_none() {
            classes.push(name);
        }
        files.extend(found.into_iter().map(|path| Labelled { path, class }));
    }
    Ok(())
}

/// `files`, whose classes are positions in `classes`, with positions in `names`, sorted by class and path.
fn relabelled(files: Vec<Labelled>, classes: &[String], names: &[String]) -> Vec<Labelled> {
    let place = |class: &String| names.iter().position(|name| name == class).unwrap_or(0);
    let places: Vec<usize> = classes.iter().map(place).collect();
    let mut files: Vec<Labelled> = files
        .into_iter()
        .map(|file| Labelled {
            class: places.get(file.class).copied().unwrap_or(0),
            ..file
        })
        .collect();
    files.sort_by(|a, b| a.class.cmp(&b.class).then_with(|| a.path.cmp(&b.path)));
    files
}

/// Numbers by their size, and then words.
fn sort_key(name: &str) -> (u64, String) {
    (name.parse().unwrap_or(u64::MAX), name.to_owned())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), DataError> {
    if depth > DEEPEST {
        return Err(bad(
            folder,
            format!("more than {DEEPEST} folders in each other"),
        ));
    }
    let inside = list(folder)?;
    files.extend(inside.files);
    for folder in inside.folders {
        walk(&folder, files, depth + 1)?;
    }
    Ok(())
}

/// What is in a folder, apart from hidden files.
struct Inside {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

fn list(folder: &Path) -> Result<Inside, DataError> {
    let mut inside = Inside {
        folders: Vec::new(),
        files: Vec::new(),
    };
    if folder.is_file() {
        return Err(bad(
            folder,
            "is a file; expected a folder with a folder for each class",
        ));
    }
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = name(&path);
        if name.starts_with('.') || LEFT_BEHIND.contains(&name.to_lowercase().as_str()) {
            continue;
        }
        match path.is_dir() {
            true => inside.folders.push(path),
            false => inside.files.push(path),
        }
    }
    inside.folders.sort_unstable();
    inside.files.sort_unstable();
    Ok(inside)
}

/// The name of a file or folder, without where it is.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

use super::*;
use std::fs;

fn read_text(
    name: &str,
    content: &[u8],
    text: &[&str],
    target: Option<&str>,
) -> Result<Read, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let wishes = Columns {
        text: text.iter().map(ToString::to_string).collect(),
        target: target.map(Into::into),
        no_header: false,
    };
    read(&path, &wishes, &|_, _| {}).map_err(|error| error.to_string())
}

const CSV: &str =
    "title,body,stars\n\"Good, \"\"yes\"\"\",\"two\nlines\",5\nBad,none,1\n,,5\nOdd,x,\n";

#[test]
fn columns_of_a_table() {
    let found = read_text("r.csv", CSV.as_bytes(), &["title", "body"], Some("stars")).unwrap();
    let corpus = found.corpus;
    assert_eq!(corpus.classes(), ["1", "5"]);
    assert_eq!(corpus.texts[0].as_ref(), ["Good, \"yes\"", "two\nlines"]);
    // What stands for a missing value in other columns is a text here.
    assert_eq!(corpus.texts[1].as_ref(), ["Bad", "none"]);
    assert_eq!(
        (corpus.labels(), corpus.lines.clone()),
        (vec![1, 0], vec![2, 4])
    );
    assert_eq!(found.notes.len(), 2, "{:?}", found.notes);
}

#[test]
fn objects_of_json() {
    let json = "{\"t\": \"a\\u00e4\", \"l\": \"x\\ny\"}\n{\"t\": \"b\", \"l\": \"\\\"z\\\"\"}\n";
    let corpus = read_text("r.jsonl", json.as_bytes(), &["t"], Some("l"))
        .unwrap()
        .corpus;
    assert_eq!(corpus.classes(), ["\"z\"", "x\ny"]);
    assert_eq!(corpus.texts[0].as_ref(), ["aä"]);
}

#[test]
fn lines_of_fast_text() {
    let lines = b"__label__b two\n__label__a one\n__label__a  \n";
    let found = read_text("r.txt", lines, &[], None).unwrap();
    assert_eq!(found.corpus.classes(), ["a", "b"]);
    assert_eq!(
        (found.corpus.labels(), found.corpus.lines.clone()),
        (vec![1, 0], vec![1, 2])
    );
    assert!(read_text("r.txt", lines, &["body"], None).is_err());
}

#[test]
fn mistakes_are_named() {
    for (text, target, expected) in [
        (&["title"][..], None, "--target"),
        (
            &[],
            Some("stars"),
            "--text; the columns are `title`, `body`, `stars`",
        ),
        (
            &["titel"],
            Some("stars"),
            "no column `titel`, which --text names",
        ),
        (
            &["title"],
            Some("star"),
            "no column `star`, which --target names",
        ),
        (&["title", "title"], Some("stars"), "is named twice"),
        (&["stars"], Some("stars"), "is the target too"),
    ] {
        let error = read_text("r.csv", CSV.as_bytes(), text, target).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let one = read_text("r.csv", b"t,l\na,x\nb,x\n", &["t"], Some("l")).unwrap_err();
    assert!(one.contains("only the class `x`"), "{one}");
    let binary = read_text("r.csv", b"\x89PNG\r\n\x1a\n\0\0", &["t"], Some("l")).unwrap_err();
    assert!(binary.contains("picture"), "{binary}");
}

#[test]
fn another_file_has_the_same_classes() {
    let known = read_text("r.csv", CSV.as_bytes(), &["title", "body"], Some("stars"))
        .unwrap()
        .corpus;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.csv");
    fs::write(&path, "stars,body,title\n5,b,t\n3,b,t\n1,c,\n").unwrap();
    let test = read_like(&path, &known, &Columns::default(), &|_, _| {}).unwrap();
    assert_eq!(
        (test.labels(), test.lines.clone()),
        (vec![1, 0], vec![2, 4])
    );
    assert_eq!(test.texts[0].as_ref(), ["t", "b"]);
}

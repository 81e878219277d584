//! What is refused, and how.

use super::forms::gzip;
use super::*;

fn assert_refused(bytes: impl AsRef<[u8]>, options: &Options, parts: &[&str]) {
    let error = refused(bytes, options);
    for part in parts {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn broken_tables_are_refused_with_their_line() {
    for (text, part) in [
        ("", "`a.csv`: is empty"),
        (" \n\n", "`a.csv`: is empty"),
        ("a,b\n", "but no rows"),
        (
            "a,b\n1,2\n\n3\n",
            "line 4: 1 cells; expected 2, separated as in the header",
        ),
        (
            "1,2\n3,4,5\n",
            "line 2: 3 cells; expected 2, as in the first row",
        ),
        (
            "a,b\n1,\"x\n2,y\n3,z\n",
            "line 2: a quote begins here and has no end",
        ),
        (
            "a,b\n1,2\n\"3,4\n5,6\n",
            "line 3: 1 cells; expected 2, separated as in the header; the quote",
        ),
        (
            "a,b,a\n1,2,3\n",
            "line 1: `a` is the name of column 1 and of column 3; rename one",
        ),
        ("<!DOCTYPE html>", "web page"),
        ("@relation x\n", "ARFF"),
        ("a,b\n<<<<<<< HEAD\n1,2\n", "line 2: a conflict"),
        (
            "a,b\n1,2\ninf,3\n",
            "line 3: `a` is `inf`; expected a finite number",
        ),
        ("a,b\n1,2\n1,-Infinity\n", "line 3: `b` is `-Infinity`"),
        ("a,b\n1,2\n1e999,3\n", "--categorical \"a\""),
        ("a,b\n1,2\n1e39,3\n", "line 3: `a` is `1e39`"),
    ] {
        assert_refused(text, &options(), &[part]);
    }
}

#[test]
fn broken_json_is_refused_with_its_line() {
    for (text, part) in [
        (
            "{\"a\":1}\n{\"a\":[1]}\n",
            "line 2: `a` is an array; expected a number",
        ),
        ("{\"a\":1}\n{\"a\":{}}\n", "line 2: `a` is an object"),
        ("{\"a\":1}\n{\"a\":1,}\n", "line 2: is not JSON: expected"),
        ("{\"a\":1}\n{\"a\":1", "line 2: is not JSON"),
        ("{'a':1}\n", "line 1: is not JSON"),
        ("{\"a\":1}\n17\n", "line 2: `17`; expected an object"),
        ("[{\"a\":1},3]", "line 1: `3]`; expected an object"),
        ("[1,2]\n", "`1,2]`; expected an object"),
        ("[{\"a\":1}", "is not JSON"),
        ("[]", "has no rows"),
        ("{}\n", "has no rows"),
        ("{\"a\":1,\"a\":2}\n", "line 1: the key `a` is there twice"),
        (
            "{\"a\":1,\" a\":2}\n",
            "`a` is the name of column 1 and of column 2",
        ),
        ("{\"a\":\"\\ud800\"}\n", "half of a character"),
    ] {
        assert_refused(text, &options(), &[part]);
    }
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_refused(deep, &options(), &["is not JSON"]);
}

#[test]
fn other_formats_are_named() {
    let tar = [&[b'x'; 257][..], b"ustar\0"].concat();
    for (bytes, part) in [
        (
            &b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"[..],
            "is an Excel workbook; expected text",
        ),
        (
            b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "OpenDocument",
        ),
        (b"PK\x03\x04\x14\0a.csv", "a ZIP archive"),
        (b"PAR1\x15\x04\x15", "a Parquet file"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (&tar, "a tar archive"),
        (b"a,b\n1,\0\n", "line 2: has a NUL byte"),
        (b"\0\0\x08\x01\n", "line 1: has a NUL byte"),
        (b"\xff\xfea\0,\0b\0", "UTF-16"),
        (b"a\0,\0b\0\n\0", "UTF-16"),
        (b"a,b\n\xe9,1\n", "line 2: is not UTF-8"),
        (&gzip(b"PAR1\x15\x04"), "a Parquet file"),
        (&gzip(b"a,b\n1,2\n")[..20], "is damaged"),
        (&gzip(&gzip(b"a,b\n1,2\n")), "packed with gzip twice"),
    ] {
        assert_refused(bytes, &options(), &[part]);
    }
    assert_eq!(names(&parse("RDX,ORC\n1,2\n")), ["RDX", "ORC"]);
    assert_eq!(names(&parse("ORCHARD,b\n1,2\n")), ["ORCHARD", "b"]);
}

#[test]
fn too_large_tables_are_refused() {
    let file = File {
        path: Path::new("a.csv"),
    };
    let error = file
        .check_size(15_000_001, 20, "1\n2\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("20 columns and about 15000001 rows"),
        "{error}"
    );
    assert!(error.contains("take a sample"), "{error}");
    file.check_size(15_000_000, 20, "").unwrap();
    let wide = "a,".repeat(MOST_COLUMNS) + "b";
    let header = Options {
        header: Some(false),
        ..options()
    };
    assert_refused(
        &wide,
        &header,
        &["has 50001 columns; expected at most 50000"],
    );
    // A small packed file is not unpacked beyond the limit.
    let bomb = gzip(&vec![b'1'; 3 << 20]);
    let error = file.unpack(bomb, 1 << 20).unwrap_err().to_string();
    assert!(
        error.contains("unpacks to more than 1 MiB; take a sample"),
        "{error}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    std::fs::write(&path, vec![b'1'; 100]).unwrap();
    assert_eq!(open::read(&path, 100).unwrap().len(), 100);
    let error = open::read(&path, 99).unwrap_err().to_string();
    assert!(error.contains("take a sample"), "{error}");
    let error = Frame::read(&folder.path().join("no"), &options(), &|_, _| {}).unwrap_err();
    assert!(error.to_string().contains("cannot read"), "{error}");
}

#[test]
fn a_sparse_file_over_the_limit_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse.csv");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(3 << 30).unwrap();
    let error = Frame::read(&path, &options(), &|_, _| {})
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("has 3072 MiB; expected at most 2048 MiB"),
        "{error}"
    );
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let text = "a,b\n1,x\n2,y\n3,z\n";
    let list = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (categorical, numeric, part) in [
        (
            list(&["A"]),
            list(&[]),
            "no column `A`, which --categorical names; the columns are `a`, `b`",
        ),
        (
            list(&[]),
            list(&["c"]),
            "no column `c`, which --numeric names",
        ),
        (
            list(&["a"]),
            list(&["a"]),
            "`a` is named by --categorical and by --numeric",
        ),
        (
            list(&[]),
            list(&["b"]),
            "line 2: `b` is to be a number, but 3 of 3 cells are not, such as `x` in line 2",
        ),
    ] {
        let options = Options {
            categorical,
            numeric,
            ..options()
        };
        assert_refused(text, &options, &[part]);
    }
}

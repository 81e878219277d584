//! Files that hold tables, or other things, in another form than text.

/// What to do about a spreadsheet.
const SPREADSHEET: &str = "save it as CSV in the spreadsheet program";
/// What to do about a file of a data library.
const LIBRARY: &str = "export it as CSV, in Python with `to_csv`";
/// What to do about a packed file.
const PACKED: &str = "unpack it, and name the file in it";
/// What to do about anything else.
const OTHER: &str = "export the table as CSV";

/// What files begin with, what they are, and what to do about them.
const MAGIC: [(&[u8], &str, &str); 21] = [
    (b"PAR1", "a Parquet file", LIBRARY),
    (b"ARROW1", "an Arrow file", LIBRARY),
    (b"FEA1", "a Feather file", LIBRARY),
    (b"ORC", "an ORC file", LIBRARY),
    (b"Obj\x01", "an Avro file", LIBRARY),
    (b"\x89HDF", "an HDF5 file", LIBRARY),
    (
        b"\x93NUMPY",
        "an array of NumPy",
        "save it with `numpy.savetxt`",
    ),
    (b"RDX", "data of R", "export it with `write.csv`"),
    (b"SQLite format 3\0", "an SQLite database", OTHER),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook or other Office file",
        SPREADSHEET,
    ),
    (b"%PDF", "a PDF document", OTHER),
    (b"{\\rtf", "a text document (RTF)", OTHER),
    (b"\x89PNG", "a picture (PNG)", OTHER),
    (b"\xff\xd8\xff", "a picture (JPEG)", OTHER),
    (b"GIF8", "a picture (GIF)", OTHER),
    (b"BZh", "packed with bzip2", PACKED),
    (b"\xfd7zXZ", "packed with xz", PACKED),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", PACKED),
    (b"7z\xbc\xaf", "a 7-Zip archive", PACKED),
    (b"Rar!", "a RAR archive", PACKED),
    (b"\x1f\x8b", "packed with gzip twice", PACKED),
];

/// Bytes in which the kind of a ZIP archive is looked for: its first names.
const ZIP_START: usize = 4096;

/// What `bytes` are and what to do about them, if they begin as a known format that is no text.
pub fn named(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(zip(bytes.get(..ZIP_START).unwrap_or(bytes)));
    }
    // POSIX, `pax`: the magic of a tar archive stands in its first header.
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", PACKED));
    }
    let mut known = MAGIC.iter();
    let found = known.find(|(magic, _, _)| bytes.starts_with(magic))?;
    // Words that may begin a text as well. The formats have bytes that no text has.
    let is_word = found.0.iter().all(u8::is_ascii_alphanumeric);
    let start = bytes.get(..ZIP_START).unwrap_or(bytes);
    let is_text = start
        .iter()
        .all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
    (!is_word || !is_text).then_some((found.1, found.2))
}

fn zip(start: &[u8]) -> (&'static str, &'static str) {
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    if has(b"xl/") || has(b"[Content_Types].xml") {
        ("an Excel workbook", SPREADSHEET)
    } else if has(b"opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet", SPREADSHEET)
    } else if has(b".npy") {
        (
            "an archive of NumPy arrays",
            "save each with `numpy.savetxt`",
        )
    } else {
        ("a ZIP archive", PACKED)
    }
}

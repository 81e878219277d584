//! Files of random bytes.

use super::*;

#[test]
fn random_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces: [&[u8]; 24] = [
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b"\"",
        b"1",
        b"-",
        b".",
        b"e9",
        b"a",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"\"a\"",
        b"\xc3\xa9",
        b"\xff",
        b"\0",
        b"inf",
        b"$",
        b"%",
        b"2024-05-01",
    ];
    let mut read = 0;
    for round in 0..6_000 {
        let count = random.usize(..60);
        let bytes: Vec<u8> = match round % 4 {
            0 => (0..count).map(|_| random.u8(..)).collect(),
            _ => (0..count)
                .flat_map(|_| pieces[random.usize(..pieces.len())])
                .copied()
                .collect(),
        };
        if let Ok(frame) = parse_with(&bytes, &options()) {
            read += 1;
            assert_eq!(frame.lines.len(), frame.rows);
            let findings = frame.findings(Some(0));
            assert!(findings.iter().all(|f| !f.to_string().is_empty()));
            assert!(Schema::parse(Path::new("s"), &Schema::of(&frame, None).to_toml()).is_ok());
        }
        let _ = Schema::parse(Path::new("s"), &String::from_utf8_lossy(&bytes));
    }
    assert!(read > 50, "{read}");
}

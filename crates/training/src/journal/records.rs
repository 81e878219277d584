//! A file of records that a process can be killed in the middle of writing to.
//!
//! It begins with [`MAGIC`] and the number of bytes behind it that count, as a little-endian `u64`. Then come records: the
//! number of bytes, their SHA-256 in hexadecimal, and the bytes. Bytes are on the disk before they count; those behind the
//! ones that count were being written when the process ended.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use model::sha256;

/// What the file begins with; the last byte is the version of this form.
const MAGIC: [u8; 8] = *b"JOURNAL\x01";
/// Bytes of a number.
const NUMBER: usize = size_of::<u64>();
/// Bytes of a digest.
const DIGEST: usize = 64;

/// What is wrong with a file whose bytes are not those that were written.
pub const DAMAGED: &str = "it is damaged";

/// Adds the record of `bytes` to `records`.
pub fn push(records: &mut Vec<u8>, bytes: &[u8]) {
    records.extend((bytes.len() as u64).to_le_bytes());
    records.extend(sha256(bytes).as_bytes());
    records.extend(bytes);
}

/// How long the record of `bytes` is.
pub fn length(bytes: &[u8]) -> u64 {
    (NUMBER + DIGEST + bytes.len()) as u64
}

/// The file of these `records`.
pub fn whole(records: &[u8]) -> Vec<u8> {
    let number = (records.len() as u64).to_le_bytes();
    [&MAGIC, &number, records].concat()
}

/// Adds `records` to a `file` that has `length` bytes of them.
pub fn append(file: &mut File, length: u64, records: &[u8]) -> io::Result<()> {
    let start = MAGIC.len() as u64;
    file.seek(SeekFrom::Start(start + NUMBER as u64 + length))?;
    file.write_all(records)?;
    file.sync_all()?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(&(length + records.len() as u64).to_le_bytes())
}

/// The bytes of each record of the file `bytes`, or what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Vec<&[u8]>, &'static str> {
    let (magic, rest) = bytes
        .split_at_checked(MAGIC.len())
        .ok_or("it is not a checkpoint")?;
    if magic != MAGIC {
        let same =
            magic.split_last().map(|(_, name)| name) == MAGIC.split_last().map(|(_, name)| name);
        return Err(match same {
            true => "it is of another version of this program",
            false => "it is not a checkpoint",
        });
    }
    let cut = "it is cut short";
    let (count, rest) = number(rest).ok_or(cut)?;
    let mut rest = rest.get(..count).ok_or(cut)?;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (count, after) = number(rest).ok_or(DAMAGED)?;
        let (digest, after) = after.split_at_checked(DIGEST).ok_or(DAMAGED)?;
        let (bytes, after) = after.split_at_checked(count).ok_or(DAMAGED)?;
        if sha256(bytes).as_bytes() != digest {
            return Err(DAMAGED);
        }
        records.push(bytes);
        rest = after;
    }
    Ok(records)
}

/// The number that `bytes` begin with, and the bytes behind it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<NUMBER>()?;
    Some((usize::try_from(u64::from_le_bytes(*number)).ok()?, rest))
}

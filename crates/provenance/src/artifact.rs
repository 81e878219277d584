use model::{hexadecimal, sha256};
use sha3::{Digest, Sha3_256};

/// A file and its digests, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, without a folder.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
    /// SHA3-256, where it is known.
    pub sha3_256: Option<String>,
}

impl Artifact {
    /// The file `name` with these `bytes`.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.into(),
            sha256: sha256(bytes),
            sha3_256: Some(hexadecimal(&Sha3_256::digest(bytes))),
        }
    }

    /// The file `name`, of which only the SHA-256 is known.
    #[must_use]
    pub fn with_sha256(name: &str, sha256: &str) -> Self {
        Self {
            name: name.into(),
            sha256: sha256.into(),
            sha3_256: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 and FIPS 202: the examples for `abc`.
    #[test]
    fn knows_the_standards_examples() {
        let file = Artifact::new("abc.txt", b"abc");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(file.sha256, expected);
        let expected = "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532";
        assert_eq!(file.sha3_256.as_deref(), Some(expected));
    }
}

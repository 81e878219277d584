//! What can be wrong with a key, a signature or a folder.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use thiserror::Error;

/// Why a file is no key that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// No PEM, or the wrong file altogether.
    #[error("not a key in PEM form: expected a line `-----BEGIN {0}-----`")]
    NotPem(&'static str),
    /// A private key under a password.
    #[error(
        "the key is encrypted: give it as `openssl ec -in KEY.pem` prints it, without a password"
    )]
    Encrypted,
    /// A public key where a private one is needed.
    #[error("a public key: to sign takes the private key that it belongs to")]
    Public,
    /// A private key where a public one is needed.
    #[error(
        "a private key: to verify takes the public one, which `openssl ec -in KEY.pem -pubout -out PUB.pem` writes"
    )]
    Private,
    /// A key for another algorithm or curve.
    #[error("a key of the kind `{0}`: expected an elliptic curve key for NIST P-256 (prime256v1)")]
    Kind(String),
    /// The right kind of file, but cut off or changed.
    #[error("the key is damaged or cut off: {0}")]
    Damaged(String),
}

/// Why a file is no signature that can be used. Its content has not been compared with anything then.
#[derive(Debug, Error)]
pub enum BundleError {
    /// No Sigstore bundle with a DSSE envelope.
    #[error("`model.sig` is damaged, or no signature of this kind: {0}")]
    Json(#[from] serde_json::Error),
    /// Text that should be base64.
    #[error("`model.sig` is damaged: `{field}` is not base64: {source}")]
    Base64 {
        /// The field.
        field: &'static str,
        /// Why.
        source: base64::DecodeError,
    },
    /// Another kind of bundle, statement or signature.
    #[error("`model.sig` has the {what} `{found}`; expected `{expected}`")]
    Unknown {
        /// Which part.
        what: &'static str,
        /// What it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Bytes that are no signature, or not the signature of this content by the key that is named in it.
    #[error("`model.sig` is damaged: its signature does not fit its content")]
    Signature,
    /// A signed statement that contradicts itself.
    #[error("`model.sig` is damaged: {0}")]
    Statement(&'static str),
}

/// How a folder differs from what was signed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file with other bytes: its name.
    Changed(String),
    /// A file that was signed and is not there.
    Missing(String),
    /// A file that is there and was not signed.
    Extra(String),
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(name) => write!(f, "`{name}` is not what was signed"),
            Self::Missing(name) => write!(f, "`{name}` was signed and is missing"),
            Self::Extra(name) => write!(f, "`{name}` was not signed"),
        }
    }
}

/// Why a folder could not be signed or verified.
#[derive(Debug, Error)]
pub enum SigningError {
    /// A file or folder that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no key.
    #[error("`{}`: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// A private key among the files that are to be given away.
    #[error("`{}` lies in the folder that is to be signed: a private key is kept elsewhere", .0.display())]
    KeyInFolder(PathBuf),
    /// Neither a file nor a folder: a link could show another file later.
    #[error("`{}` is a symbolic link or a device: put a plain file in its place", .0.display())]
    NotPlain(PathBuf),
    /// A name that a signature, which is JSON, cannot hold.
    #[error("`{}` has a name that is not UTF-8: rename it", .0.display())]
    Name(PathBuf),
    /// Nothing to be signed.
    #[error("there is no file to be signed")]
    NoFiles,
    /// No signature that could be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A signature by somebody else.
    #[error(
        "`model.sig` was made with another key: it names the public key `{signer}`, and this is `{given}`"
    )]
    AnotherKey {
        /// The key that the signature names: [`PublicKey::fingerprint`](crate::PublicKey::fingerprint).
        signer: String,
        /// The key that was given.
        given: String,
    },
    /// A good signature for other files than these.
    #[error("{}", list(.0))]
    Differs(Vec<Difference>),
}

/// One line, however many there are.
fn list(differences: &[Difference]) -> String {
    let lines: Vec<String> = differences.iter().map(Difference::to_string).collect();
    lines.join("; ")
}

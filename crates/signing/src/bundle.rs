//! A Sigstore bundle around a DSSE envelope.
//!
//! <https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::statement::expect;
use crate::{BundleError, PrivateKey, PublicKey, SigningError};

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD: &str = "application/vnd.in-toto+json";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Bundle {
    media_type: String,
    verification_material: Material,
    dsse_envelope: Envelope,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Material {
    public_key: Hint,
    /// Entries of a public log, which a signature with a key does not have.
    tlog_entries: [Value; 0],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    /// [`PublicKey::fingerprint`].
    hint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: [Signature; 1],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    sig: String,
    /// Empty: the key is named outside of the envelope.
    keyid: String,
}

/// The bundle around `payload`, on one line.
pub fn sign(payload: &[u8], key: &PrivateKey) -> Result<Vec<u8>, BundleError> {
    let bundle = Bundle {
        media_type: BUNDLE.into(),
        verification_material: Material {
            public_key: Hint {
                hint: key.public().fingerprint()?,
            },
            tlog_entries: [],
        },
        dsse_envelope: Envelope {
            payload: STANDARD.encode(payload),
            payload_type: PAYLOAD.into(),
            signatures: [Signature {
                sig: STANDARD.encode(key.sign(&encoded(payload))),
                keyid: String::new(),
            }],
        },
    };
    Ok(serde_json::to_vec(&bundle)?)
}

/// The payload of a bundle that was signed with the private key of `key`.
pub fn open(bundle: &[u8], key: &PublicKey) -> Result<Vec<u8>, SigningError> {
    let bundle: Bundle = serde_json::from_slice(bundle).map_err(BundleError::from)?;
    expect("media type", bundle.media_type, BUNDLE)?;
    let envelope = bundle.dsse_envelope;
    expect("payload type", envelope.payload_type, PAYLOAD)?;
    let [signature] = envelope.signatures;
    expect("key identifier", signature.keyid, "")?;
    let payload = decode("payload", &envelope.payload)?;
    let signature = decode("sig", &signature.sig)?;
    let (signer, given) = (
        bundle.verification_material.public_key.hint,
        key.fingerprint()?,
    );
    if signer != given {
        return Err(SigningError::AnotherKey { signer, given });
    }
    match key.verifies(&encoded(&payload), &signature) {
        true => Ok(payload),
        false => Err(BundleError::Signature.into()),
    }
}

/// What is signed: DSSE's pre-authentication encoding of type and payload.
fn encoded(payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD} {} ", PAYLOAD.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn decode(field: &'static str, text: &str) -> Result<Vec<u8>, BundleError> {
    let decoded = STANDARD.decode(text);
    decoded.map_err(|source| BundleError::Base64 { field, source })
}

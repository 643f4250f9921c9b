//! What is done with single keys: deriving, wrapping, keyed checksums. Everything that needs no JavaScript.

use crate::chunks::{KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH};
use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce, UnboundKey, AES_256_GCM};
use aws_lc_rs::cipher::{EncryptingKey, UnboundCipherKey, AES_256};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{KeyType, Prk, HKDF_SHA512};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of the nonce of a wrapped key: XAES-256-GCM has long ones.
pub const WRAP_NONCE_LENGTH: usize = 24;
/// Bytes of HMAC-SHA-256.
pub const MAC_LENGTH: usize = 32;
const BLOCK_LENGTH: usize = 16;
/// Bytes of the nonce that the subkey is derived from; the rest is the nonce under that subkey.
const DERIVING_LENGTH: usize = WRAP_NONCE_LENGTH - NONCE_LENGTH;

/// Why a call is refused before anything is written.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    Length { of: &'static str, bytes: usize },
    Library,
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Length { of, bytes } => write!(to, "{of} cannot have {bytes} bytes"),
            Refusal::Library => write!(to, "the cryptographic library failed"),
        }
    }
}

impl From<Unspecified> for Refusal {
    fn from(_: Unspecified) -> Self {
        Refusal::Library
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand with SHA-512 (RFC 5869, section 2.3) into all of `okm`.
pub fn expand(key: &[u8], info: &[u8], okm: &mut [u8]) -> Result<(), Refusal> {
    require("key", key, KEY_LENGTH)?;
    // Only `expand` refuses what is too long, and only `fill` writes.
    let prk = Prk::new_less_safe(HKDF_SHA512, key);
    let filled = prk
        .expand(&[info], Length(okm.len()))
        .and_then(|derived| derived.fill(okm));
    if filled.is_err() {
        okm.fill(0);
    }
    filled.map_err(Refusal::from)
}

/// HMAC-SHA-256.
pub fn mac(key: &[u8], message: &[u8], tag: &mut [u8]) -> Result<(), Refusal> {
    require("key", key, KEY_LENGTH)?;
    require("tag", tag, MAC_LENGTH)?;
    hmac::sign_to_buffer(&hmac::Key::new(HMAC_SHA256, key), message, tag)?;
    Ok(())
}

/// Seals with XAES-256-GCM (c2sp.org/XAES-256-GCM): nonce, ciphertext and tag into `sealed`.
pub fn wrap(key: &[u8], nonce: &[u8], plaintext: &[u8], aad: &[u8], sealed: &mut [u8]) -> Result<(), Refusal> {
    require("key", key, KEY_LENGTH)?;
    require("nonce", nonce, WRAP_NONCE_LENGTH)?;
    let length = sealed.len();
    let Some((head, body, tag)) = cut(sealed).filter(|(_, body, _)| body.len() == plaintext.len()) else {
        return Err(Refusal::Length {
            of: "sealed",
            bytes: length,
        });
    };
    head.copy_from_slice(nonce);
    let (cipher, short) = cipher_for(key, nonce)?;
    let done = cipher.seal_out_of_place_scatter(short, Aad::from(aad), plaintext, body, &[], tag);
    if done.is_err() {
        sealed.fill(0);
    }
    done.map_err(Refusal::from)
}

/// Opens what `wrap` sealed; false, and `plaintext` is zero, if that is not authentic.
pub fn unwrap(key: &[u8], sealed: &[u8], aad: &[u8], plaintext: &mut [u8]) -> Result<bool, Refusal> {
    require("key", key, KEY_LENGTH)?;
    let parts = sealed.split_at_checked(WRAP_NONCE_LENGTH).and_then(|(nonce, rest)| {
        let (body, tag) = rest.split_at_checked(rest.len().checked_sub(TAG_LENGTH)?)?;
        Some((nonce, body, tag))
    });
    let Some((nonce, body, tag)) = parts.filter(|(_, body, _)| body.len() == plaintext.len()) else {
        return Err(Refusal::Length {
            of: "sealed",
            bytes: sealed.len(),
        });
    };
    let (cipher, short) = cipher_for(key, nonce)?;
    let opened = cipher
        .open_separate_gather(short, Aad::from(aad), body, tag, plaintext)
        .is_ok();
    if !opened {
        plaintext.fill(0);
    }
    Ok(opened)
}

type Cut<'a> = (&'a mut [u8], &'a mut [u8], &'a mut [u8]);

/// The room for nonce, ciphertext and tag.
fn cut(sealed: &mut [u8]) -> Option<Cut<'_>> {
    let (nonce, rest) = sealed.split_at_mut_checked(WRAP_NONCE_LENGTH)?;
    let (body, tag) = rest.split_at_mut_checked(rest.len().checked_sub(TAG_LENGTH)?)?;
    Some((nonce, body, tag))
}

/// AES-256-GCM under the subkey that the first half of the nonce gives, and the other half.
fn cipher_for(key: &[u8], nonce: &[u8]) -> Result<(LessSafeKey, Nonce), Refusal> {
    let (deriving, short) = nonce.split_at_checked(DERIVING_LENGTH).ok_or(Refusal::Library)?;
    let subkey = subkey(key, deriving)?;
    let unbound = UnboundKey::new(&AES_256_GCM, subkey.as_slice())?;
    Ok((LessSafeKey::new(unbound), Nonce::try_assume_unique_for_key(short)?))
}

/// NIST SP 800-108r1 in counter mode with CMAC, cut down to the two blocks that XAES needs.
fn subkey(key: &[u8], nonce: &[u8]) -> Result<Zeroizing<[u8; KEY_LENGTH]>, Refusal> {
    // Each block is one AES call, which is what the KDF asks for: with independent blocks ECB is just that.
    let cipher = EncryptingKey::ecb(UnboundCipherKey::new(&AES_256, key)?)?;
    let mut k1 = Zeroizing::new([0; BLOCK_LENGTH]);
    cipher.encrypt(k1.as_mut_slice())?;
    *k1 = doubled(*k1);
    let mut blocks = Zeroizing::new([0; KEY_LENGTH]);
    for (counter, block) in (1..).zip(blocks.chunks_exact_mut(BLOCK_LENGTH)) {
        let message = [0, counter, 0x58, 0].into_iter().chain(nonce.iter().copied());
        for ((byte, of_message), of_key) in block.iter_mut().zip(message).zip(k1.iter()) {
            *byte = of_message ^ of_key;
        }
    }
    cipher.encrypt(blocks.as_mut_slice())?;
    Ok(blocks)
}

/// The block times x in GF(2^128), without a branch on secret bits.
fn doubled(block: [u8; BLOCK_LENGTH]) -> [u8; BLOCK_LENGTH] {
    let value = u128::from_be_bytes(block);
    let carry = (value >> 127).wrapping_mul(0x87);
    ((value << 1) ^ carry).to_be_bytes()
}

fn require(of: &'static str, bytes: &[u8], length: usize) -> Result<(), Refusal> {
    if bytes.len() == length {
        return Ok(());
    }
    Err(Refusal::Length { of, bytes: bytes.len() })
}

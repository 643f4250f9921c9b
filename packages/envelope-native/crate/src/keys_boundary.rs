//! What JavaScript calls of what is done with single keys. Keys come with each call, and none is kept.

use crate::boundary::check_apart;
use crate::keys::{self, Refusal};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi::{Error, Result, Status};
use napi_derive::napi;

/// HKDF-Expand with SHA-512 into all of `okm`.
#[napi(catch_unwind, strict)]
pub fn expand(key: Uint8ArraySlice, info: Uint8ArraySlice, mut okm: Uint8ArraySlice) -> Result<()> {
    check_apart(&okm, &[&key, &info])?;
    // SAFETY: JavaScript does not run during this call, and `okm` overlaps none of the other arrays.
    #[allow(unsafe_code)]
    let to = unsafe { okm.as_mut() };
    keys::expand(&key, &info, to).map_err(refused)
}

/// HMAC-SHA-256 into `tag`.
#[napi(catch_unwind, strict)]
pub fn mac(key: Uint8ArraySlice, message: Uint8ArraySlice, mut tag: Uint8ArraySlice) -> Result<()> {
    check_apart(&tag, &[&key, &message])?;
    // SAFETY: as in `expand`.
    #[allow(unsafe_code)]
    let to = unsafe { tag.as_mut() };
    keys::mac(&key, &message, to).map_err(refused)
}

/// XAES-256-GCM: nonce, ciphertext and tag into `sealed`.
#[napi(catch_unwind, strict)]
pub fn wrap(
    key: Uint8ArraySlice,
    nonce: Uint8ArraySlice,
    plaintext: Uint8ArraySlice,
    aad: Uint8ArraySlice,
    mut sealed: Uint8ArraySlice,
) -> Result<()> {
    check_apart(&sealed, &[&key, &nonce, &plaintext, &aad])?;
    // SAFETY: as in `expand`.
    #[allow(unsafe_code)]
    let to = unsafe { sealed.as_mut() };
    keys::wrap(&key, &nonce, &plaintext, &aad, to).map_err(refused)
}

/// Opens what `wrap` sealed; whether it was authentic.
#[napi(catch_unwind, strict)]
pub fn unwrap(
    key: Uint8ArraySlice,
    sealed: Uint8ArraySlice,
    aad: Uint8ArraySlice,
    mut plaintext: Uint8ArraySlice,
) -> Result<bool> {
    check_apart(&plaintext, &[&key, &sealed, &aad])?;
    // SAFETY: as in `expand`.
    #[allow(unsafe_code)]
    let to = unsafe { plaintext.as_mut() };
    keys::unwrap(&key, &sealed, &aad, to).map_err(refused)
}

fn refused(refusal: Refusal) -> Error {
    Error::new(Status::InvalidArg, refusal.to_string())
}

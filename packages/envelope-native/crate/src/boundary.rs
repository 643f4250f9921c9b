//! What JavaScript calls. Arguments are checked here again, although the TypeScript half has done so: what is wrong is
//! an error, never a panic, and never memory that is read or written beyond an array.

use crate::chunks::{self, BlobKey, Refusal, Run, KEY_LENGTH, MAX_CHUNKS, NONCE_LENGTH};
use napi::bindgen_prelude::{AsyncTask, Uint8Array, Uint8ArraySlice};
use napi::{Env, Error, Result, Status, Task};
use napi_derive::napi;
use std::ops::Range;
use std::panic::{catch_unwind, AssertUnwindSafe};
use zeroize::{Zeroize, Zeroizing};

/// Which calls this library has, so that the TypeScript half does not load one that was built for another version.
#[napi(catch_unwind)]
pub fn interface_version() -> u32 {
    2
}

/// Seals a run of chunks.
#[napi(catch_unwind, strict)]
pub fn seal(
    key: Uint8ArraySlice,
    nonce: Uint8ArraySlice,
    first: f64,
    plaintext: Uint8ArraySlice,
    mut sealed: Uint8ArraySlice,
) -> Result<()> {
    check_apart(&sealed, &[&key, &nonce, &plaintext])?;
    let blob = BlobKey::new(&key, &nonce).map_err(refused)?;
    // SAFETY: JavaScript does not run during this call, and `sealed` overlaps none of the other arrays.
    #[allow(unsafe_code)]
    let to = unsafe { sealed.as_mut() };
    chunks::seal(&blob, place(first)?, &plaintext, to).map_err(refused)
}

/// Opens a run of chunks; returns the first place that is not authentic, or -1.
#[napi(catch_unwind, strict)]
pub fn open(
    key: Uint8ArraySlice,
    nonce: Uint8ArraySlice,
    first: f64,
    sealed: Uint8ArraySlice,
    mut plaintext: Uint8ArraySlice,
) -> Result<i64> {
    check_apart(&plaintext, &[&key, &nonce, &sealed])?;
    let blob = BlobKey::new(&key, &nonce).map_err(refused)?;
    // SAFETY: as in `seal`.
    #[allow(unsafe_code)]
    let to = unsafe { plaintext.as_mut() };
    let damaged = chunks::open(&blob, place(first)?, &sealed, to).map_err(refused)?;
    Ok(place_or_none(damaged))
}

/// `seal` on a thread of libuv's pool.
#[napi(catch_unwind, strict)]
pub fn seal_aside(
    key: Uint8ArraySlice,
    nonce: Uint8ArraySlice,
    first: f64,
    plaintext: Uint8Array,
    sealed: Uint8Array,
) -> Result<AsyncTask<Aside>> {
    check_apart(&sealed, &[&key, &nonce, &plaintext])?;
    Aside::of(Action::Seal, &key, &nonce, place(first)?, plaintext, sealed)
}

/// `open` on a thread of libuv's pool.
#[napi(catch_unwind, strict)]
pub fn open_aside(
    key: Uint8ArraySlice,
    nonce: Uint8ArraySlice,
    first: f64,
    sealed: Uint8Array,
    plaintext: Uint8Array,
) -> Result<AsyncTask<Aside>> {
    check_apart(&plaintext, &[&key, &nonce, &sealed])?;
    Aside::of(Action::Open, &key, &nonce, place(first)?, sealed, plaintext)
}

#[derive(Clone, Copy, PartialEq)]
enum Action {
    Seal,
    Open,
}

/// A run that is done on another thread. It holds references to both arrays until it is done, and key and base nonce
/// in memory of its own, which is wiped right after their use, or when it is dropped without.
pub struct Aside {
    action: Action,
    secrets: Box<Secrets>,
    first: u64,
    from: Uint8Array,
    to: Uint8Array,
}

struct Secrets {
    key: Zeroizing<[u8; KEY_LENGTH]>,
    nonce: Zeroizing<[u8; NONCE_LENGTH]>,
}

impl Aside {
    /// Refuses at once what can be refused.
    fn of(
        action: Action,
        key: &[u8],
        nonce: &[u8],
        first: u64,
        from: Uint8Array,
        to: Uint8Array,
    ) -> Result<AsyncTask<Self>> {
        match action {
            Action::Seal => Run::of(first, from.len(), to.len()),
            Action::Open => Run::of(first, to.len(), from.len()),
        }
        .map_err(refused)?;
        if key.len() != KEY_LENGTH {
            return Err(refused(Refusal::Key(key.len())));
        }
        if nonce.len() != NONCE_LENGTH {
            return Err(refused(Refusal::Nonce(nonce.len())));
        }
        // Boxed before the key is in it: a move of the task would otherwise leave a copy behind.
        let mut secrets = Box::new(Secrets {
            key: Zeroizing::new([0; KEY_LENGTH]),
            nonce: Zeroizing::new([0; NONCE_LENGTH]),
        });
        secrets.key.copy_from_slice(key);
        secrets.nonce.copy_from_slice(nonce);
        Ok(AsyncTask::new(Self {
            action,
            secrets,
            first,
            from,
            to,
        }))
    }

    fn run(&mut self) -> std::result::Result<Option<u64>, Refusal> {
        let blob = BlobKey::new(self.secrets.key.as_slice(), self.secrets.nonce.as_slice())?;
        // SAFETY: the arrays do not overlap, both are held by references, and whoever called leaves them alone until
        // the promise is settled, as the port's contract says.
        #[allow(unsafe_code)]
        let to = unsafe { self.to.as_mut() };
        match self.action {
            Action::Seal => chunks::seal(&blob, self.first, &self.from, to).map(|()| None),
            Action::Open => chunks::open(&blob, self.first, &self.from, to),
        }
    }
}

impl Task for Aside {
    type Output = i64;
    type JsValue = i64;

    /// Nothing between libuv and this catches a panic, so this does.
    fn compute(&mut self) -> Result<i64> {
        let done = catch_unwind(AssertUnwindSafe(|| self.run()));
        self.secrets.key.zeroize();
        self.secrets.nonce.zeroize();
        match done {
            Ok(damaged) => damaged.map(place_or_none).map_err(refused),
            Err(_) => Err(Error::new(
                Status::GenericFailure,
                "the native engine failed unexpectedly".to_owned(),
            )),
        }
    }

    fn resolve(&mut self, _env: Env, damaged: i64) -> Result<i64> {
        Ok(damaged)
    }
}

/// A place that JavaScript gave, which has no integers of its own.
fn place(first: f64) -> Result<u64> {
    // Every integer below 2^38 is exact in a double; anything that is none is refused by the comparison of what comes
    // back. The conversion itself takes what does not fit to the nearest number that does, and NaN to 0.
    #[allow(clippy::as_conversions)]
    let place = first as u64;
    #[allow(clippy::as_conversions)]
    let back = place as f64;
    if back == first && place < MAX_CHUNKS {
        Ok(place)
    } else {
        Err(refused(Refusal::Places { count: 1 }))
    }
}

fn place_or_none(damaged: Option<u64>) -> i64 {
    damaged.map_or(-1, |place| i64::try_from(place).unwrap_or(i64::MAX))
}

/// Refuses an array to write into that shares memory with one that is read.
pub(crate) fn check_apart(written: &[u8], read: &[&[u8]]) -> Result<()> {
    let written = written.as_ptr_range();
    let meets = |other: Range<*const u8>| written.start < other.end && other.start < written.end;
    if read.iter().any(|bytes| meets(bytes.as_ptr_range())) {
        return Err(Error::new(
            Status::InvalidArg,
            "the arrays overlap in memory".to_owned(),
        ));
    }
    Ok(())
}

fn refused(refusal: Refusal) -> Error {
    Error::new(Status::InvalidArg, refusal.to_string())
}

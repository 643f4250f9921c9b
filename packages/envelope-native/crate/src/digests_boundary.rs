//! What JavaScript calls of the digests.

use crate::digests::{Refusal, Running};
use napi::bindgen_prelude::{AsyncTask, Uint8Array, Uint8ArraySlice};
use napi::{Env, Error, Result, Status, Task};
use napi_derive::napi;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// Running SHA-1 and MD5 of one stream.
#[napi]
pub struct Digests {
    running: Arc<Running>,
}

#[napi]
impl Digests {
    #[napi(constructor, catch_unwind, strict)]
    pub fn new(sha1: bool, md5: bool) -> Self {
        Self {
            running: Arc::new(Running::new(sha1, md5)),
        }
    }

    /// Takes the next bytes.
    #[napi(catch_unwind, strict)]
    pub fn update(&self, bytes: Uint8ArraySlice) -> Result<()> {
        let claimed = Claimed::of(&self.running)?;
        claimed.0.update(&bytes).map_err(refused)
    }

    /// Takes the next bytes on a thread of libuv's pool.
    #[napi(catch_unwind, strict)]
    pub fn update_aside(&self, bytes: Uint8Array) -> Result<AsyncTask<Digesting>> {
        let claimed = Some(Claimed::of(&self.running)?);
        Ok(AsyncTask::new(Digesting { claimed, bytes }))
    }

    /// SHA-1 and MD5, as far as there are such, one behind the other.
    #[napi(catch_unwind, strict)]
    pub fn finish(&self) -> Result<Uint8Array> {
        let claimed = Claimed::of(&self.running)?;
        claimed.0.finish().map(Uint8Array::new).map_err(refused)
    }
}

/// The right to go on with the digests, until it is dropped.
struct Claimed(Arc<Running>);

impl Claimed {
    fn of(running: &Arc<Running>) -> Result<Self> {
        running.claim().map_err(refused)?;
        Ok(Self(Arc::clone(running)))
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Bytes that are digested on another thread, which holds a reference to them until it is done.
pub struct Digesting {
    claimed: Option<Claimed>,
    bytes: Uint8Array,
}

impl Task for Digesting {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> Result<()> {
        // Given up right after the work: whoever waits for the promise may go on at once.
        let Some(claimed) = self.claimed.take() else {
            return Err(refused(Refusal::Finished));
        };
        // Nothing between libuv and this catches a panic.
        match catch_unwind(AssertUnwindSafe(|| claimed.0.update(&self.bytes))) {
            Ok(done) => done.map_err(refused),
            Err(_) => Err(Error::new(
                Status::GenericFailure,
                "the digests failed unexpectedly".to_owned(),
            )),
        }
    }

    fn resolve(&mut self, _env: Env, _done: ()) -> Result<()> {
        Ok(())
    }
}

fn refused(refusal: Refusal) -> Error {
    Error::new(Status::InvalidArg, refusal.to_string())
}

//! Running SHA-1 and MD5, which can go on on another thread: `node:crypto` has no such thing.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use md5::{Digest, Md5};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;

/// Bytes that are taken by one digest and then by the other: they stay in the processor's cache meanwhile.
const STEP: usize = 16_384;

/// Why a call is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another thread is at it; what came now would be out of order.
    Busy,
    Finished,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self {
            Refusal::Busy => "the digests are still at work on the bytes before",
            Refusal::Finished => "the digests are finished",
        })
    }
}

struct State {
    sha1: Option<Context>,
    md5: Option<Md5>,
}

/// The digests of one stream of bytes. One call at a time: whoever comes in between is refused, and never waits.
pub struct Running {
    state: Mutex<Option<State>>,
    busy: AtomicBool,
}

impl Running {
    pub fn new(sha1: bool, md5: bool) -> Self {
        let state = State {
            sha1: sha1.then(|| Context::new(&SHA1_FOR_LEGACY_USE_ONLY)),
            md5: md5.then(Md5::new),
        };
        Self {
            state: Mutex::new(Some(state)),
            busy: AtomicBool::new(false),
        }
    }

    /// To be followed by `release`, whatever happens in between.
    pub fn claim(&self) -> Result<(), Refusal> {
        match self.busy.swap(true, Ordering::Acquire) {
            true => Err(Refusal::Busy),
            false => Ok(()),
        }
    }

    pub fn release(&self) {
        self.busy.store(false, Ordering::Release);
    }

    /// For whoever has claimed this.
    pub fn update(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let mut held = self.state.lock().map_err(|_| Refusal::Finished)?;
        let state = held.as_mut().ok_or(Refusal::Finished)?;
        for step in bytes.chunks(STEP) {
            if let Some(sha1) = state.sha1.as_mut() {
                sha1.update(step);
            }
            if let Some(md5) = state.md5.as_mut() {
                md5.update(step);
            }
        }
        Ok(())
    }

    /// SHA-1 and MD5, as far as there are such, one behind the other. For whoever has claimed this.
    pub fn finish(&self) -> Result<Vec<u8>, Refusal> {
        let mut held = self.state.lock().map_err(|_| Refusal::Finished)?;
        let state = held.take().ok_or(Refusal::Finished)?;
        let mut both = Vec::new();
        if let Some(sha1) = state.sha1 {
            both.extend_from_slice(sha1.finish().as_ref());
        }
        if let Some(md5) = state.md5 {
            both.extend_from_slice(&md5.finalize());
        }
        Ok(both)
    }
}

//! Runs of chunks, sealed and opened: everything that needs no JavaScript.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce, UnboundKey, AES_256_GCM};
use std::fmt;
use zeroize::Zeroizing;

/// Plaintext bytes of every chunk but the last.
pub const CHUNK_LENGTH: usize = 16_384;
/// Bytes of a tag.
pub const TAG_LENGTH: usize = 16;
/// Bytes of the key of chunks.
pub const KEY_LENGTH: usize = 32;
/// Bytes of a base nonce.
pub const NONCE_LENGTH: usize = 12;
/// Places in a blob; nonces would come round again behind them.
pub const MAX_CHUNKS: u64 = 1 << 38;

/// Why a run is refused before anything is written.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    Key(usize),
    Nonce(usize),
    Lengths { plaintext: usize, sealed: usize },
    Places { count: u64 },
    Library,
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Key(length) => write!(to, "key has {length} bytes instead of {KEY_LENGTH}"),
            Refusal::Nonce(length) => {
                write!(to, "nonce has {length} bytes instead of {NONCE_LENGTH}")
            }
            Refusal::Lengths { plaintext, sealed } => write!(
                to,
                "no run of chunks has {plaintext} bytes of plaintext and {sealed} sealed"
            ),
            Refusal::Places { count } => write!(
                to,
                "first: a blob has places 0 to {}; {count} chunks from there on do not fit",
                MAX_CHUNKS.saturating_sub(1)
            ),
            Refusal::Library => write!(to, "the cryptographic library failed"),
        }
    }
}

/// Key and base nonce of one blob, wiped when this is dropped: the library zeroes the key schedule that it frees.
pub struct BlobKey {
    key: LessSafeKey,
    base: Zeroizing<[u8; NONCE_LENGTH]>,
}

impl BlobKey {
    /// Nothing of `key` is copied but into the key schedule.
    pub fn new(key: &[u8], nonce: &[u8]) -> Result<Self, Refusal> {
        let base: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| Refusal::Nonce(nonce.len()))?;
        let base = Zeroizing::new(base);
        if key.len() != KEY_LENGTH {
            return Err(Refusal::Key(key.len()));
        }
        let unbound = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Refusal::Library)?;
        Ok(Self {
            key: LessSafeKey::new(unbound),
            base,
        })
    }

    /// The base nonce with the place XORed into its last eight bytes as a big-endian integer.
    fn nonce_at(&self, place: u64) -> [u8; NONCE_LENGTH] {
        let mut nonce = *self.base;
        for (byte, of_place) in nonce.iter_mut().rev().zip(place.to_le_bytes()) {
            *byte ^= of_place;
        }
        nonce
    }
}

/// A run whose lengths and places are right: of how many chunks, and from which place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    first: u64,
    end: u64,
}

impl Run {
    /// All chunks but the last have `CHUNK_LENGTH` bytes of plaintext, and there is at least one.
    pub fn of(first: u64, plaintext: usize, sealed: usize) -> Result<Self, Refusal> {
        let count = count_of(plaintext, sealed).ok_or(Refusal::Lengths { plaintext, sealed })?;
        let end = first
            .checked_add(count)
            .filter(|end| *end <= MAX_CHUNKS)
            .ok_or(Refusal::Places { count })?;
        Ok(Self { first, end })
    }
}

fn count_of(plaintext: usize, sealed: usize) -> Option<u64> {
    let tags = sealed.checked_sub(plaintext)?;
    let count = tags.checked_div(TAG_LENGTH)?;
    if count.checked_mul(TAG_LENGTH)? != tags {
        return None;
    }
    let full = count.checked_sub(1)?.checked_mul(CHUNK_LENGTH)?;
    let last = plaintext.checked_sub(full)?;
    (last <= CHUNK_LENGTH).then_some(())?;
    u64::try_from(count).ok()
}

/// Seals the chunks from place `first` on: ciphertext and tag of each into `sealed`.
pub fn seal(blob: &BlobKey, first: u64, plaintext: &[u8], sealed: &mut [u8]) -> Result<(), Refusal> {
    let run = Run::of(first, plaintext.len(), sealed.len())?;
    let (mut from, mut to) = (plaintext, &mut *sealed);
    for place in run.first..run.end {
        let Some((chunk, body, tag)) = next_to_seal(&mut from, &mut to) else {
            return Err(Refusal::Library);
        };
        let nonce = Nonce::assume_unique_for_key(blob.nonce_at(place));
        let done = blob
            .key
            .seal_out_of_place_scatter(nonce, Aad::empty(), chunk, body, &[], tag);
        if done.is_err() {
            sealed.fill(0);
            return Err(Refusal::Library);
        }
    }
    Ok(())
}

/// Opens the chunks from place `first` on. `Some` place: the first that is not authentic; `plaintext` is zero from that
/// chunk on, and opened before it.
pub fn open(blob: &BlobKey, first: u64, sealed: &[u8], plaintext: &mut [u8]) -> Result<Option<u64>, Refusal> {
    let run = Run::of(first, plaintext.len(), sealed.len())?;
    let (mut from, mut to) = (sealed, plaintext);
    for place in run.first..run.end {
        let length = to.len().min(CHUNK_LENGTH);
        let Some((body, tag)) = next_to_open(&mut from, length) else {
            to.fill(0);
            return Err(Refusal::Library);
        };
        let nonce = Nonce::assume_unique_for_key(blob.nonce_at(place));
        let opened = match to.get_mut(..length) {
            Some(chunk) => blob
                .key
                .open_separate_gather(nonce, Aad::empty(), body, tag, chunk)
                .is_ok(),
            None => false,
        };
        if !opened {
            to.fill(0);
            return Ok(Some(place));
        }
        to = to.split_at_mut_checked(length).map_or(&mut [], |(_, rest)| rest);
    }
    Ok(None)
}

type ToSeal<'from, 'to> = (&'from [u8], &'to mut [u8], &'to mut [u8]);

/// Takes the next chunk of plaintext, and the room for its ciphertext and tag.
fn next_to_seal<'from, 'to>(from: &mut &'from [u8], to: &mut &'to mut [u8]) -> Option<ToSeal<'from, 'to>> {
    let (chunk, rest) = from.split_at_checked(from.len().min(CHUNK_LENGTH))?;
    *from = rest;
    let (body, after) = std::mem::take(to).split_at_mut_checked(chunk.len())?;
    let (tag, after) = after.split_at_mut_checked(TAG_LENGTH)?;
    *to = after;
    Some((chunk, body, tag))
}

/// Takes the ciphertext and tag of the next chunk, which has `length` bytes of plaintext.
fn next_to_open<'from>(from: &mut &'from [u8], length: usize) -> Option<(&'from [u8], &'from [u8])> {
    let (body, after) = from.split_at_checked(length)?;
    let (tag, after) = after.split_at_checked(TAG_LENGTH)?;
    *from = after;
    Some((body, tag))
}

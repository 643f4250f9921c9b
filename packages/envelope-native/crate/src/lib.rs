//! The native half of `@coffer/envelope-native`: runs of chunks of Coffer's blobs, sealed and opened with AES-256-GCM,
//! and what is done with single keys.
//!
//! It keeps no key: key and base nonce come with each call, in memory that the TypeScript half owns and wipes.

// Tests have no JavaScript to call it from: its tests are those of the package, in TypeScript.
#[cfg(not(test))]
mod boundary;
pub mod chunks;
pub mod digests;
#[cfg(not(test))]
mod digests_boundary;
pub mod keys;
#[cfg(not(test))]
mod keys_boundary;

#[cfg(test)]
mod tests;

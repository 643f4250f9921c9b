#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use crate::chunks::{
    open, seal, BlobKey, Refusal, Run, CHUNK_LENGTH, KEY_LENGTH, MAX_CHUNKS, NONCE_LENGTH, TAG_LENGTH,
};
use crate::digests::{self, Running};
use proptest::prelude::*;

const SEALED_LENGTH: usize = CHUNK_LENGTH + TAG_LENGTH;

fn blob() -> BlobKey {
    BlobKey::new(&[7; KEY_LENGTH], &[0xff; NONCE_LENGTH]).unwrap()
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 + (i >> 8)) as u8).collect()
}

fn sealed_length(length: usize, empty_last: bool) -> usize {
    let full = length > 0 && length.is_multiple_of(CHUNK_LENGTH);
    let count = length.div_ceil(CHUNK_LENGTH).max(1) + usize::from(full && empty_last);
    length + count * TAG_LENGTH
}

fn sealed(first: u64, plaintext: &[u8]) -> Vec<u8> {
    let mut to = vec![0; sealed_length(plaintext.len(), false)];
    seal(&blob(), first, plaintext, &mut to).unwrap();
    to
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The known answers of AES-256-GCM for no bytes and for one block of zeroes, under a key and nonce of zeroes.
#[test]
fn seals_to_the_known_answers() {
    let zero = BlobKey::new(&[0; KEY_LENGTH], &[0; NONCE_LENGTH]).unwrap();
    let mut empty = [0; TAG_LENGTH];
    seal(&zero, 0, &[], &mut empty).unwrap();
    assert_eq!(hex(&empty), "530f8afbc74536b9a963b4f1c4cb738b");
    let mut block = [0; 32];
    seal(&zero, 0, &[0; 16], &mut block).unwrap();
    assert_eq!(
        hex(&block),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    );
}

/// A place is XORed into the nonce: sealing at a place is sealing at place 0 under the nonce that has it.
#[test]
fn xors_the_place_into_the_last_eight_bytes() {
    for place in [0, 1, 255, 256, u64::from(u32::MAX), 1 << 32, MAX_CHUNKS - 1] {
        let mut nonce = [0xff; NONCE_LENGTH];
        for (byte, of_place) in nonce[4..].iter_mut().zip(place.to_be_bytes()) {
            *byte ^= of_place;
        }
        let other = BlobKey::new(&[7; KEY_LENGTH], &nonce).unwrap();
        let mut expected = [0; 3 + TAG_LENGTH];
        seal(&other, 0, &[1, 2, 3], &mut expected).unwrap();
        assert_eq!(sealed(place, &[1, 2, 3]), expected);
    }
}

#[test]
fn refuses_keys_and_nonces_of_other_lengths() {
    for length in [0, 16, 31, 33] {
        let key = BlobKey::new(&vec![0; length], &[0; NONCE_LENGTH]);
        assert_eq!(key.err(), Some(Refusal::Key(length)));
    }
    for length in [0, 11, 13] {
        let key = BlobKey::new(&[0; KEY_LENGTH], &vec![0; length]);
        assert_eq!(key.err(), Some(Refusal::Nonce(length)));
    }
}

#[test]
fn refuses_lengths_that_no_run_has() {
    for (plaintext, sealed) in [
        (0, 0),
        (0, 15),
        (0, 17),
        (1, 16),
        (100, 84),
        (100, 100),
        (100, 132),
        (CHUNK_LENGTH + 1, CHUNK_LENGTH + 17),
        (CHUNK_LENGTH, CHUNK_LENGTH + 48),
        (0, usize::MAX),
        (usize::MAX, usize::MAX),
        (usize::MAX - 16, usize::MAX),
        (usize::MAX, 0),
    ] {
        let expected = Err(Refusal::Lengths { plaintext, sealed });
        assert_eq!(Run::of(0, plaintext, sealed), expected);
    }
}

#[test]
fn refuses_places_behind_the_last_one_and_writes_nothing() {
    for first in [MAX_CHUNKS - 1, MAX_CHUNKS, u64::MAX] {
        let mut to = vec![0xaa; CHUNK_LENGTH + 2 * TAG_LENGTH];
        let refusal = seal(&blob(), first, &pattern(CHUNK_LENGTH), &mut to);
        assert_eq!(refusal, Err(Refusal::Places { count: 2 }));
        assert!(to.iter().all(|byte| *byte == 0xaa));
    }
    let mut to = vec![0; CHUNK_LENGTH + 2 * TAG_LENGTH];
    assert_eq!(seal(&blob(), MAX_CHUNKS - 2, &pattern(CHUNK_LENGTH), &mut to), Ok(()));
}

/// The known answers of both for no bytes, and for `abc` in two pieces.
#[test]
fn digests_to_the_known_answers() {
    assert_eq!(
        hex(&Running::new(true, true).finish().unwrap()),
        "da39a3ee5e6b4b0d3255bfef95601890afd80709d41d8cd98f00b204e9800998ecf8427e"
    );
    let running = Running::new(true, true);
    running.update(b"a").unwrap();
    running.update(b"bc").unwrap();
    assert_eq!(
        hex(&running.finish().unwrap()),
        "a9993e364706816aba3e25717850c26c9cd0d89d900150983cd24fb0d6963f7d28e17f72"
    );
    assert_eq!(running.finish(), Err(digests::Refusal::Finished));
    assert_eq!(running.update(b"d"), Err(digests::Refusal::Finished));
    assert_eq!(Running::new(false, false).finish().unwrap(), Vec::<u8>::new());
}

#[test]
fn lets_one_at_a_time_go_on() {
    let running = Running::new(true, false);
    running.claim().unwrap();
    assert_eq!(running.claim(), Err(digests::Refusal::Busy));
    running.release();
    assert_eq!(running.claim(), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn takes_exactly_the_runs_that_can_be(
        first in prop_oneof![0..MAX_CHUNKS, MAX_CHUNKS - 10..MAX_CHUNKS + 10, any::<u64>()],
        plaintext in prop_oneof![0..5 * CHUNK_LENGTH, (0..5usize).prop_map(|full| full * CHUNK_LENGTH)],
        tags in 0..8usize,
        more in prop_oneof![Just(0usize), 0..TAG_LENGTH],
    ) {
        let sealed = plaintext + tags * TAG_LENGTH + more;
        let last = plaintext as i128 - (tags as i128 - 1) * CHUNK_LENGTH as i128;
        let fits = u128::from(first) + tags as u128 <= u128::from(MAX_CHUNKS);
        let possible = more == 0 && tags > 0 && (0..=CHUNK_LENGTH as i128).contains(&last) && fits;
        prop_assert_eq!(Run::of(first, plaintext, sealed).is_ok(), possible);
    }

    #[test]
    fn opens_what_it_sealed(
        first in 0..MAX_CHUNKS - 8,
        length in 0..4 * CHUNK_LENGTH,
        whole: bool,
        empty_last: bool,
    ) {
        let length = if whole { length - length % CHUNK_LENGTH } else { length };
        let plaintext = pattern(length);
        let mut to = vec![0; sealed_length(length, empty_last)];
        seal(&blob(), first, &plaintext, &mut to).unwrap();
        let mut opened = vec![0xaa; length];
        prop_assert_eq!(open(&blob(), first, &to, &mut opened), Ok(None));
        prop_assert_eq!(opened, plaintext);
    }

    #[test]
    fn is_the_same_however_a_run_is_cut(first in 0..MAX_CHUNKS - 8, length in 0..4 * CHUNK_LENGTH, cut in 0usize..5) {
        let plaintext = pattern(length);
        let at = (cut * CHUNK_LENGTH).min(length - length % CHUNK_LENGTH);
        prop_assume!(at > 0 && at < length);
        let mut pieces = sealed(first, &plaintext[..at]);
        pieces.extend(sealed(first + (at / CHUNK_LENGTH) as u64, &plaintext[at..]));
        prop_assert_eq!(pieces, sealed(first, &plaintext));
    }

    #[test]
    fn leaves_nothing_from_the_first_damaged_chunk_on(
        first in 0..MAX_CHUNKS - 8,
        length in 1..4 * CHUNK_LENGTH,
        at: prop::sample::Index,
        bit in 0u32..8,
    ) {
        let plaintext = pattern(length);
        let mut to = sealed(first, &plaintext);
        let at = at.index(to.len());
        to[at] ^= 1u8 << bit;
        let mut opened = vec![0xaa; length];
        let damaged = at / SEALED_LENGTH;
        prop_assert_eq!(open(&blob(), first, &to, &mut opened), Ok(Some(first + damaged as u64)));
        let good = (damaged * CHUNK_LENGTH).min(length);
        prop_assert_eq!(&opened[..good], &plaintext[..good]);
        prop_assert!(opened[good..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn takes_any_bytes_for_sealed_ones(sealed in prop::collection::vec(any::<u8>(), 0..40_000), length in 0usize..40_000) {
        let mut opened = vec![0xaa; length];
        match open(&blob(), 0, &sealed, &mut opened) {
            Ok(damaged) => {
                prop_assert_eq!(damaged, Some(0));
                prop_assert!(opened.iter().all(|byte| *byte == 0));
            }
            Err(_) => prop_assert!(opened.iter().all(|byte| *byte == 0xaa)),
        }
    }
}

mod single_keys {
    use super::hex;
    use crate::keys::{expand, mac, unwrap, wrap, Refusal};
    use proptest::prelude::*;

    const NONCE: &[u8; 24] = b"ABCDEFGHIJKLMNOPQRSTUVWX";

    fn wrapped(key: &[u8], plaintext: &[u8], aad: &[u8]) -> Vec<u8> {
        let mut sealed = vec![0; plaintext.len() + 40];
        wrap(key, NONCE, plaintext, aad, &mut sealed).unwrap();
        sealed
    }

    /// The known answers of c2sp.org/XAES-256-GCM.
    #[test]
    fn wraps_to_the_known_answers() {
        let first = wrapped(&[1; 32], b"XAES-256-GCM", b"");
        assert_eq!(
            hex(&first[24..]),
            "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"
        );
        let second = wrapped(&[3; 32], b"XAES-256-GCM", b"c2sp.org/XAES-256-GCM");
        assert_eq!(
            hex(&second[24..]),
            "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"
        );
        assert_eq!(&first[..24], NONCE);
    }

    /// What HMAC-SHA-256 and HKDF-Expand-SHA512 under a key of zeroes make of "message", as OpenSSL has it.
    #[test]
    fn derives_and_makes_checksums() {
        let mut tag = [0; 32];
        mac(&[0; 32], b"message", &mut tag).unwrap();
        assert_eq!(
            hex(&tag),
            "eb08c1f56d5ddee07f7bdf80468083da06b64cf4fac64fe3a90883df5feacae4"
        );
        let mut okm = [0; 76];
        expand(&[0; 32], b"message", &mut okm).unwrap();
        assert_eq!(
            hex(&okm),
            "a80d750df26f05f925eebcc161ce4a69b96577daef6f7fce2c1b6a51a4b50c3f2ae79c79385d5d9664f659252b685e724e6e\
             5a879f3587507c8ca7dc5df9e1c5c9937f4d33e9423d4670c3cb"
        );
    }

    #[test]
    fn refuses_lengths() {
        let of = |result: Result<(), Refusal>| result.unwrap_err().to_string();
        let mut room = [7; 72];
        assert_eq!(of(expand(&[0; 31], b"", &mut room)), "key cannot have 31 bytes");
        assert_eq!(of(mac(&[0; 33], b"", &mut room)), "key cannot have 33 bytes");
        assert_eq!(of(mac(&[0; 32], b"", &mut room)), "tag cannot have 72 bytes");
        assert_eq!(
            of(wrap(&[0; 32], &[0; 12], b"", b"", &mut room)),
            "nonce cannot have 12 bytes"
        );
        assert_eq!(
            of(wrap(&[0; 32], NONCE, &[0; 31], b"", &mut room)),
            "sealed cannot have 72 bytes"
        );
        assert!(unwrap(&[0; 32], &[0; 39], b"", &mut []).is_err());
        assert!(unwrap(&[0; 32], &[0; 72], b"", &mut [0; 31]).is_err());
        assert!(room.iter().all(|byte| *byte == 7));
        let mut long = vec![7; 255 * 64 + 1];
        assert!(expand(&[0; 32], b"", &mut long).is_err());
        assert!(long.iter().all(|byte| *byte == 0));
    }

    proptest! {
        #[test]
        fn opens_what_it_wrapped_and_nothing_else(
            key in prop::array::uniform32(any::<u8>()),
            plaintext in prop::collection::vec(any::<u8>(), 0..100),
            aad in prop::collection::vec(any::<u8>(), 0..100),
            at in any::<prop::sample::Index>(),
            bit in 0u32..8,
        ) {
            let mut sealed = wrapped(&key, &plaintext, &aad);
            let mut opened = vec![0; plaintext.len()];
            prop_assert!(unwrap(&key, &sealed, &aad, &mut opened).unwrap());
            prop_assert_eq!(&opened, &plaintext);
            let place = at.index(sealed.len());
            sealed[place] ^= 1u8 << bit;
            prop_assert!(!unwrap(&key, &sealed, &aad, &mut opened).unwrap());
            prop_assert!(opened.iter().all(|byte| *byte == 0));
        }
    }
}

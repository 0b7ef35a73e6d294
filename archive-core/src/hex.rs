//! Bytes as people and lists write them: hexadecimal digits.
//!
//! Digests stand in manifests, inventories, receipts, sessions and the audit chain as digits, and all of them must be
//! written alike to be compared. A packaged crate would do the same in as many lines of dependency.

/// Bytes as lower-case hexadecimal.
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes that hexadecimal digits of either case stand for; `None` where they are no such digits, or an odd number of them.
pub fn decode(digits: &str) -> Option<Box<[u8]>> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_come_back_from_their_digits_in_either_case(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let digits = encode(&bytes);
            for digits in [digits.to_uppercase(), digits] {
                prop_assert_eq!(decode(&digits).map(Vec::from), Some(bytes.clone()));
            }
        }
    }

    #[test]
    fn what_is_no_digit_stands_for_no_bytes() {
        assert_eq!(encode(&[0, 0x0f, 0xa0, 0xff]), "000fa0ff");
        for digits in ["0", "0g", "é0", "+1", "0x"] {
            assert_eq!(decode(digits), None, "{digits}");
        }
    }
}

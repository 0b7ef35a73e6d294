//! Where an object lies under the storage root: extension `0003-hash-and-id-n-tuple-storage-layout`.
//!
//! The sha256 of the object's identifier gives three folders of three digits each, so that no folder
//! grows large; the object's own folder bears the identifier itself, so that a person finds it.

use std::fmt::Write as _;

use archive_core::model::ItemId;

use super::digest;

/// The extension's registered name.
pub(crate) const EXTENSION: &str = "0003-hash-and-id-n-tuple-storage-layout";
/// Digits a folder, and folders, before the object's own.
pub(crate) const TUPLE_SIZE: usize = 3;
/// How many such folders.
pub(crate) const TUPLES: usize = 3;
/// The longest name of an object's own folder before it is cut and completed by the digest.
const LONGEST: usize = 100;

/// The identifier of the object that holds an item's files.
pub(crate) fn object_id(item: ItemId) -> String {
    format!("urn:archive:item:{}", item.0)
}

/// The object's folder, relative to the storage root, with `/` between the parts.
pub(crate) fn object_path(id: &str) -> String {
    let digest = digest::sha256(id.as_bytes());
    let mut path = String::new();
    for tuple in 0..TUPLES {
        path.push_str(&digest[tuple * TUPLE_SIZE..(tuple + 1) * TUPLE_SIZE]);
        path.push('/');
    }
    let encoded = encode(id);
    // The encoded name is ASCII, so it can be cut anywhere.
    if encoded.len() > LONGEST {
        path.push_str(&encoded[..LONGEST]);
        path.push('-');
        path.push_str(&digest);
    } else {
        path.push_str(&encoded);
    }
    path
}

fn encode(id: &str) -> String {
    let mut name = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            name.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(name, "%{byte:02x}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the extension's own specification.
    #[test]
    fn identifiers_lie_where_the_specification_puts_them() {
        assert_eq!(object_path("object-01"), "3c0/ff4/240/object-01");
        assert_eq!(object_path("..hor/rib:le-$id"), "487/326/d8c/%2e%2ehor%2frib%3ale-%24id");
        let long = "abcdefghij".repeat(10) + "a";
        assert_eq!(
            object_path(&long),
            format!(
                "5cc/73e/648/{}-5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220",
                &long[..100]
            )
        );
    }
}

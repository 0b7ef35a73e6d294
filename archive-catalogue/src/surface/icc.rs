//! A small sRGB profile (ICC version 2), made and not copied.
//!
//! PDF/A wants to know what its colours mean. Forms are black on white, so the smallest profile that
//! says "sRGB" will do: the primaries of IEC 61966-2-1 adapted to D50, and a plain 2.2 gamma for
//! their curve.

/// The profile.
pub fn srgb() -> Vec<u8> {
    let curve = curve(2.2);
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description("sRGB (archive)")),
        (b"cprt", text("No rights reserved")),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.4361, 0.2225, 0.0139)),
        (b"gXYZ", xyz(0.3851, 0.7169, 0.0971)),
        (b"bXYZ", xyz(0.1431, 0.0606, 0.7139)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let table_length = 4 + 12 * tags.len();
    let mut table = be32(tags.len());
    let mut data = Vec::new();
    for (signature, bytes) in &tags {
        table.extend_from_slice(*signature);
        table.extend(be32(128 + table_length + data.len()));
        table.extend(be32(bytes.len()));
        data.extend_from_slice(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }

    let mut profile = be32(128 + table.len() + data.len());
    profile.extend([0; 4]); // no preferred engine
    profile.extend([2, 0x10, 0, 0]); // version 2.1
    profile.extend(b"mntrRGB XYZ ");
    profile.extend([0x07, 0xD4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]); // a date, fixed: 2004-01-01
    profile.extend(b"acsp");
    profile.extend([0; 28]); // platform, flags, maker, model, attributes, intent: none
    profile.extend(fixed(0.9642).into_iter().chain(fixed(1.0)).chain(fixed(0.8249)));
    profile.resize(128, 0);
    profile.extend(table);
    profile.extend(data);
    profile
}

fn be32(number: usize) -> Vec<u8> {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes().to_vec()
}

/// A number with sixteen binary places.
fn fixed(number: f64) -> [u8; 4] {
    #[allow(clippy::cast_possible_truncation)]
    let number = (number * 65536.0).round() as i32;
    number.to_be_bytes()
}

fn xyz(x: f64, y: f64, z: f64) -> Vec<u8> {
    let mut bytes = b"XYZ \0\0\0\0".to_vec();
    bytes.extend([x, y, z].into_iter().flat_map(fixed));
    bytes
}

fn curve(gamma: f64) -> Vec<u8> {
    let mut bytes = b"curv\0\0\0\0\0\0\0\x01".to_vec();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let gamma = (gamma * 256.0).round() as u16;
    bytes.extend(gamma.to_be_bytes());
    bytes
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = b"text\0\0\0\0".to_vec();
    bytes.extend(text.as_bytes());
    bytes.push(0);
    bytes
}

/// The old description type: ASCII, then empty Unicode and Macintosh forms.
fn description(text: &str) -> Vec<u8> {
    let mut bytes = b"desc\0\0\0\0".to_vec();
    bytes.extend(be32(text.len() + 1));
    bytes.extend(text.as_bytes());
    bytes.push(0);
    bytes.extend([0; 4 + 4 + 2 + 1 + 67]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_as_long_as_it_says_and_small() {
        let profile = srgb();
        assert_eq!(profile[..4], be32(profile.len())[..]);
        assert_eq!(&profile[36..40], b"acsp");
        assert!(profile.len() < 600, "{}", profile.len());
    }
}

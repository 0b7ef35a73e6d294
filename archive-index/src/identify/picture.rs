//! JPEG, PNG and JPEG 2000 headers.

use super::{Found, Picture};

fn short(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(short(bytes, at)? << 16 | short(bytes, at + 2)?)
}

/// Walks the segments of a JPEG up to its frame.
pub(super) fn describe_jpeg(head: &[u8], found: &mut Found) {
    let mut picture = Picture { compression: Some("JPEG"), ..Picture::default() };
    let mut at = 2;
    found.puid = Some("fmt/41");
    while let (Some(0xff), Some(&marker)) = (head.get(at), head.get(at + 1)) {
        if marker == 0xff {
            at += 1;
            continue;
        }
        let Some(length) = short(head, at + 2) else { break };
        let body = head.get(at + 4..).unwrap_or_default();
        match marker {
            0xe0 if body.starts_with(b"JFIF\0") => {
                let minor = body.get(6).copied().unwrap_or_default();
                found.version = Some(format!("JFIF 1.{minor:02}"));
                found.puid = match minor {
                    0 => Some("fmt/42"),
                    1 => Some("fmt/43"),
                    2 => Some("fmt/44"),
                    _ => None,
                };
                let dots = short(body, 8).map(f64::from).filter(|dots| *dots > 1.0);
                picture.dpi = match body.get(7) {
                    Some(1) => dots,
                    Some(2) => dots.map(|dots| dots * 2.54),
                    _ => None,
                };
            }
            0xe1 if body.starts_with(b"Exif\0") && found.version.is_none() => {
                found.version = Some("Exif".to_owned());
                found.puid = None;
            }
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let bits = body.first().copied().map_or(0, u32::from);
                picture.height = short(body, 1).unwrap_or_default();
                picture.width = short(body, 3).unwrap_or_default();
                picture.bits = body.get(5).map(|channels| bits * u32::from(*channels));
                break;
            }
            0xd9 | 0xda => break,
            _ => {}
        }
        at += 2 + length as usize;
    }
    found.picture = (picture.width > 0 && picture.height > 0).then_some(picture);
}

/// Reads the first chunks of a PNG.
pub(super) fn describe_png(head: &[u8], found: &mut Found) {
    let (Some(width), Some(height)) = (long(head, 16), long(head, 20)) else { return };
    let depth = head.get(24).copied().map_or(0, u32::from);
    let channels = match head.get(25) {
        Some(2) => 3,
        Some(4) => 2,
        Some(6) => 4,
        _ => 1,
    };
    let mut picture =
        Picture { width, height, dpi: None, bits: Some(depth * channels), compression: Some("Deflate") };
    let mut at = 8;
    while let (Some(length), Some(kind)) = (long(head, at), head.get(at + 4..at + 8)) {
        if kind == b"pHYs" && head.get(at + 16) == Some(&1) {
            picture.dpi = long(head, at + 8).map(|metre| f64::from(metre) * 0.0254);
        }
        if kind == b"IDAT" {
            break;
        }
        at = at.saturating_add(12).saturating_add(length as usize);
    }
    found.picture = Some(picture);
}

/// Finds the image header box of a JP2.
pub(super) fn describe_jp2(head: &[u8], found: &mut Found) {
    if let Some(at) = head.windows(4).position(|name| name == b"ihdr")
        && let (Some(height), Some(width)) = (long(head, at + 4), long(head, at + 8))
    {
        let channels = short(head, at + 12).unwrap_or(1);
        let depth = head.get(at + 14).map_or(7, |depth| u32::from(depth & 0x7f)) + 1;
        found.picture = Some(Picture {
            width,
            height,
            dpi: None,
            bits: Some(channels * depth),
            compression: Some("JPEG 2000"),
        });
    }
}

/// Whether two bytes after 0xff begin an MPEG audio frame of layer III.
pub(super) const fn is_mp3_frame(second: u8, third: u8) -> bool {
    let layer_three = second & 0b0000_0110 == 0b0000_0010;
    let version_known = second & 0b0001_1000 != 0b0000_1000;
    let rate_known = third & 0xf0 != 0xf0 && third & 0xf0 != 0 && third & 0b0000_1100 != 0b0000_1100;
    second & 0xe0 == 0xe0 && layer_three && version_known && rate_known
}

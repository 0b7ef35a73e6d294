//! JPEG 2000, which hardly any browser shows.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::{MOST, Raster};
use crate::text::{NoText, guard};

/// The signatures of a file and of a bare codestream.
const SIGNATURES: [&[u8]; 2] = [b"\0\0\0\x0CjP  ", b"\xFF\x4F\xFF\x51"];

pub(super) fn is(bytes: &[u8]) -> bool {
    SIGNATURES.iter().any(|signature| bytes.starts_with(signature))
}

pub(super) fn decode(bytes: &[u8]) -> Result<Raster, NoText> {
    let damaged = |error: hayro_jpeg2000::error::DecodeError| guard::damaged(&error.to_string());
    let image = Image::new(bytes, &DecodeSettings::default()).map_err(damaged)?;
    let (width, height) = (image.width(), image.height());
    if u64::from(width) * u64::from(height) > MOST {
        return Err(NoText::TooLarge);
    }
    let samples = image.decode(&mut DecoderContext::default()).map_err(damaged)?.data_u8();
    let colours = usize::from(image.color_space().num_channels());
    let each = colours + usize::from(image.has_alpha());
    let (channels, pixels): (usize, Vec<u8>) = match colours {
        1 if each == 1 => (1, samples),
        1 => (1, samples.iter().step_by(each).copied().collect()),
        3 => (3, samples.chunks_exact(each).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()),
        4 => (3, samples.chunks_exact(each).flat_map(super::of_cmyk).collect()),
        _ => return Err(NoText::Unsupported),
    };
    Raster { width, height, channels, pixels }.whole()
}

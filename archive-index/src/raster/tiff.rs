//! TIFF, which no browser shows and few libraries know all kinds of: decoded by others' work into samples, which are made
//! grey or red, green and blue here.

use std::io::Cursor;

use image::metadata::Orientation;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::{MOST, Raster};
use crate::text::{NoText, guard};

/// The picture of a page, counted from 0.
pub(super) fn decode(bytes: &[u8], index: u32) -> Result<Raster, NoText> {
    let damaged = |error: TiffError| match error {
        // A palette, a fax: nothing is wrong with the file.
        TiffError::UnsupportedError(_) => NoText::Unsupported,
        other => guard::damaged(&other.to_string()),
    };
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 512 << 20;
    limits.intermediate_buffer_size = 512 << 20;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?.with_limits(limits);
    if index > 0 {
        decoder.seek_to_image(usize::try_from(index).map_err(|_| NoText::Blank)?).map_err(damaged)?;
    }
    let (wide, high) = decoder.dimensions().map_err(damaged)?;
    if u64::from(wide) * u64::from(high) > MOST {
        return Err(NoText::TooLarge);
    }
    let colour = decoder.colortype().map_err(damaged)?;
    let orientation = decoder.get_tag_unsigned::<u8>(Tag::Orientation).ok().and_then(Orientation::from_exif);
    let samples = match decoder.read_image().map_err(damaged)? {
        DecodingResult::U8(samples) => samples,
        // The upper half of sixteen bits is all that a screen shows.
        DecodingResult::U16(samples) => samples.into_iter().map(|sample| sample.to_be_bytes()[0]).collect(),
        _ => return Err(NoText::Unsupported),
    };
    let raster = raster((wide, high), colour, samples)?;
    raster.turned(orientation.unwrap_or(Orientation::NoTransforms))
}

/// Samples as grey, or as red, green and blue.
fn raster((width, height): (u32, u32), colour: ColorType, samples: Vec<u8>) -> Result<Raster, NoText> {
    let count = width as usize * height as usize;
    let (channels, pixels): (usize, Vec<u8>) = match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) if samples.len() < count => {
            (1, unpacked(&samples, width as usize, bits))
        }
        ColorType::Gray(1) => (1, samples.iter().map(|sample| if *sample == 0 { 0 } else { 255 }).collect()),
        ColorType::Gray(_) => (1, samples),
        ColorType::GrayA(_) => (1, samples.iter().step_by(2).copied().collect()),
        ColorType::RGB(_) => (3, samples),
        ColorType::RGBA(_) => {
            (3, samples.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
        }
        ColorType::YCbCr(_) => (3, samples.chunks_exact(3).flat_map(of_ycbcr).collect()),
        ColorType::CMYK(_) => (3, samples.chunks_exact(4).flat_map(super::of_cmyk).collect()),
        _ => return Err(NoText::Unsupported),
    };
    Raster { width, height, channels, pixels }.whole()
}

/// Several pixels of a byte, as grey from black to white; each row begins with a new byte.
fn unpacked(samples: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let each = 8 / usize::from(bits.max(1));
    let row = width.div_ceil(each.max(1));
    let most = (1_u16 << bits) - 1;
    let grey = |line: &[u8], at: usize| {
        let byte = u16::from(line.get(at / each).copied().unwrap_or_default());
        let shift = 8 - usize::from(bits) * (at % each + 1);
        u8::try_from(((byte >> shift) & most) * 255 / most).unwrap_or(u8::MAX)
    };
    samples.chunks(row.max(1)).flat_map(|line| (0..width).map(move |at| grey(line, at))).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and 255")]
fn of_ycbcr(pixel: &[u8]) -> [u8; 3] {
    let [y, cb, cr] = [f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0];
    [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb].map(|part| part.clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_a_black_and_white_scan_come_out_row_by_row() {
        // Three pixels a row, so that a row ends inside a byte.
        assert_eq!(unpacked(&[0b1010_0000, 0b0100_0000], 3, 1), [255, 0, 255, 0, 255, 0]);
    }

    #[test]
    fn a_file_that_is_no_tiff_or_a_page_that_isn_t_there_is_refused() {
        assert!(decode(b"II*\0garbage", 0).is_err());
        assert!(decode(b"", 0).is_err());
    }
}

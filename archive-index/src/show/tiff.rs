//! TIFF, which no browser shows: decoded by others' work, made smaller, written as PNG.

use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::Shown;
use super::raster::Raster;
use crate::text::{NoText, guard};

/// The most pixels a scan may have: A0 at 300 dots per inch.
const MOST: u64 = 10_000 * 14_100;

/// The picture of a page, counted from 1.
pub(super) fn png(bytes: &[u8], page: u32, width: u32) -> Result<Shown, NoText> {
    let damaged = |error: tiff::TiffError| guard::damaged(&error.to_string());
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 512 << 20;
    limits.intermediate_buffer_size = 512 << 20;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?.with_limits(limits);
    let index = usize::try_from(page).ok().and_then(|page| page.checked_sub(1)).ok_or(NoText::Blank)?;
    if index > 0 {
        decoder.seek_to_image(index).map_err(damaged)?;
    }
    let (wide, high) = decoder.dimensions().map_err(damaged)?;
    if u64::from(wide) * u64::from(high) > MOST {
        return Err(NoText::TooLarge);
    }
    let colour = decoder.colortype().map_err(damaged)?;
    let palette = match colour {
        ColorType::Palette(_) => Some(decoder.get_tag_u16_vec(Tag::ColorMap).map_err(damaged)?),
        _ => None,
    };
    let samples = match decoder.read_image().map_err(damaged)? {
        DecodingResult::U8(samples) => samples,
        // The upper half of sixteen bits is all that a screen shows.
        DecodingResult::U16(samples) => samples.into_iter().map(|sample| sample.to_be_bytes()[0]).collect(),
        _ => return Err(NoText::Unsupported),
    };
    let raster = raster((wide, high), colour, &samples, palette.as_deref())?;
    raster.no_wider(width).png()
}

/// Samples as grey, or as red, green and blue.
fn raster(
    (width, height): (u32, u32),
    colour: ColorType,
    samples: &[u8],
    palette: Option<&[u16]>,
) -> Result<Raster, NoText> {
    let count = width as usize * height as usize;
    let (channels, pixels): (usize, Vec<u8>) = match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) if samples.len() < count => {
            (1, unpacked(samples, width as usize, bits))
        }
        ColorType::Gray(1) => (1, samples.iter().map(|sample| if *sample == 0 { 0 } else { 255 }).collect()),
        ColorType::Gray(_) => (1, samples.to_vec()),
        ColorType::GrayA(_) => (1, samples.iter().step_by(2).copied().collect()),
        ColorType::RGB(_) => (3, samples.to_vec()),
        ColorType::RGBA(_) => {
            (3, samples.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
        }
        ColorType::YCbCr(_) => (3, samples.chunks_exact(3).flat_map(of_ycbcr).collect()),
        ColorType::CMYK(_) => (3, samples.chunks_exact(4).flat_map(of_cmyk).collect()),
        ColorType::Palette(bits) => {
            let palette = palette.unwrap_or_default();
            let third = palette.len() / 3;
            let whole: Vec<u8> =
                if samples.len() < count { indices(samples, width as usize, bits) } else { samples.to_vec() };
            let pixel = |index: &u8| -> [u8; 3] {
                let part = |which: usize| {
                    palette.get(which * third + usize::from(*index)).map_or(0, |value| value.to_be_bytes()[0])
                };
                [part(0), part(1), part(2)]
            };
            (3, whole.iter().flat_map(pixel).collect())
        }
        _ => return Err(NoText::Unsupported),
    };
    if pixels.len() < count * channels {
        return Err(guard::damaged("fewer pixels than announced"));
    }
    Ok(Raster { width, height, channels, pixels })
}

/// Several pixels of a byte, as grey from black to white; each row begins with a new byte.
fn unpacked(samples: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let most = (1_u16 << bits) - 1;
    let grey = |value: u8| u8::try_from(u16::from(value) * 255 / most).unwrap_or(u8::MAX);
    indices(samples, width, bits).into_iter().map(grey).collect()
}

fn indices(samples: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let each = 8 / usize::from(bits.max(1));
    let row = width.div_ceil(each.max(1));
    let mask = u8::try_from((1_u16 << bits) - 1).unwrap_or(u8::MAX);
    samples
        .chunks(row.max(1))
        .flat_map(|line| {
            (0..width).map(move |at| {
                let byte = line.get(at / each).copied().unwrap_or_default();
                let shift = 8 - usize::from(bits) * (at % each + 1);
                (byte >> shift) & mask
            })
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and 255")]
fn of_ycbcr(pixel: &[u8]) -> [u8; 3] {
    let [y, cb, cr] = [f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0];
    [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb].map(|part| part.clamp(0.0, 255.0) as u8)
}

fn of_cmyk(pixel: &[u8]) -> [u8; 3] {
    let black = u16::from(255 - pixel[3]);
    let part = |ink: u8| u8::try_from(u16::from(255 - ink) * black / 255).unwrap_or(u8::MAX);
    [part(pixel[0]), part(pixel[1]), part(pixel[2])]
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
        assert!(png(b"II*\0garbage", 1, 100).is_err());
        assert!(png(b"", 0, 100).is_err());
    }
}

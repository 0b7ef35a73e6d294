//! Pictures as pixels, the right way up: a page of whatever picture file, in grey or in red, green and blue.
//!
//! Scanners and cameras may store a page lying on its side, with a note how to turn it. A browser turns a JPEG before it
//! shows it, so everything here is turned as well: a place found in a picture is a place in what people see.

mod jpeg2000;
mod tiff;

use std::io::Cursor;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader, Limits, RgbImage};

use crate::text::{NoText, guard};

/// The most pixels a picture may have: A0 at 300 dots an inch.
const MOST: u64 = 10_000 * 14_100;

/// Pixels of one or three channels of eight bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1: grey; 3: red, green, blue.
    pub(crate) channels: usize,
    /// Row by row; as many as width, height and channels say.
    pub(crate) pixels: Vec<u8>,
}

/// One picture of a picture file, counted from 0; only TIFF has more than one.
pub(crate) fn decode(bytes: &[u8], index: u32) -> Result<Raster, NoText> {
    if matches!(bytes, [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..]) {
        return tiff::decode(bytes, index);
    }
    if jpeg2000::is(bytes) {
        return jpeg2000::decode(bytes);
    }
    let damaged = |error: image::ImageError| guard::damaged(&error.to_string());
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| guard::damaged(&error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST * 4);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST {
        return Err(NoText::TooLarge);
    }
    // What can't be read of how it lies leaves it as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    Ok(Raster::of(image))
}

impl Raster {
    fn of(image: DynamicImage) -> Self {
        let (width, height) = (image.width(), image.height());
        if image.color().has_color() {
            Self { width, height, channels: 3, pixels: image.into_rgb8().into_raw() }
        } else {
            Self { width, height, channels: 1, pixels: image.into_luma8().into_raw() }
        }
    }

    /// The same without what is more than a picture of this size has; an error if there is less.
    fn whole(mut self) -> Result<Self, NoText> {
        let count = self.width as usize * self.height as usize * self.channels;
        if self.pixels.len() < count {
            return Err(guard::damaged("fewer pixels than announced"));
        }
        self.pixels.truncate(count);
        Ok(self)
    }

    /// The same turned as its file says.
    fn turned(self, orientation: Orientation) -> Result<Self, NoText> {
        if orientation == Orientation::NoTransforms {
            return Ok(self);
        }
        let Self { width, height, channels, pixels } = self;
        let image = if channels == 1 {
            GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
        } else {
            RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
        };
        let mut image = image.ok_or_else(|| guard::damaged("fewer pixels than announced"))?;
        image.apply_orientation(orientation);
        Ok(Self::of(image))
    }

    /// The same no wider than `width`: each new pixel is the mean of those it stands for, so that thin strokes
    /// of a black-and-white scan turn grey and don't vanish.
    pub(crate) fn no_wider(self, width: u32) -> Self {
        if self.width <= width || width == 0 {
            return self;
        }
        let height = (u64::from(self.height) * u64::from(width) / u64::from(self.width)).max(1);
        let height = u32::try_from(height).unwrap_or(u32::MAX);
        let channels = self.channels;
        let edge = |at: u32, of: u32, whole: u32| -> usize {
            usize::try_from(u64::from(at) * u64::from(whole) / u64::from(of)).unwrap_or(usize::MAX)
        };
        let line = self.width as usize * channels;
        let mut pixels = Vec::with_capacity(width as usize * height as usize * channels);
        for y in 0..height {
            let top = edge(y, height, self.height);
            let bottom = edge(y + 1, height, self.height).max(top + 1);
            for x in 0..width {
                let left = edge(x, width, self.width);
                let right = edge(x + 1, width, self.width).max(left + 1);
                for channel in 0..channels {
                    let mut sum = 0_usize;
                    for row in top..bottom {
                        let from = row * line + channel;
                        sum += (left..right)
                            .map(|column| usize::from(self.pixels[from + column * channels]))
                            .sum::<usize>();
                    }
                    let mean = sum / ((bottom - top) * (right - left));
                    pixels.push(u8::try_from(mean).unwrap_or(u8::MAX));
                }
            }
        }
        Self { width, height, channels, pixels }
    }

    /// The picture as PNG.
    pub(crate) fn png(&self) -> Result<Arc<[u8]>, NoText> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width, self.height);
        encoder.set_color(if self.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let damaged = |error: png::EncodingError| guard::damaged(&error.to_string());
        let mut writer = encoder.write_header().map_err(damaged)?;
        writer.write_image_data(&self.pixels).map_err(damaged)?;
        writer.finish().map_err(damaged)?;
        Ok(out.into())
    }
}

/// Ink on paper as light.
fn of_cmyk(pixel: &[u8]) -> [u8; 3] {
    let black = u16::from(255 - pixel[3]);
    let part = |ink: u8| u8::try_from(u16::from(255 - ink) * black / 255).unwrap_or(u8::MAX);
    [part(pixel[0]), part(pixel[1]), part(pixel[2])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_lies_on_its_side_is_turned() {
        let lying = Raster { width: 3, height: 1, channels: 1, pixels: vec![1, 2, 3] };
        let turned = |how| lying.clone().turned(how).unwrap();
        let standing = turned(Orientation::Rotate90);
        assert_eq!((standing.width, standing.height, standing.pixels), (1, 3, vec![1, 2, 3]));
        assert_eq!(turned(Orientation::Rotate180).pixels, [3, 2, 1]);
        assert_eq!(turned(Orientation::NoTransforms), lying);
    }

    #[test]
    fn a_smaller_picture_keeps_thin_strokes_as_grey() {
        let mut pixels = vec![255; 4 * 4];
        pixels[5] = 0;
        let small = Raster { width: 4, height: 4, channels: 1, pixels }.no_wider(2);
        assert_eq!((small.width, small.height), (2, 2));
        assert_eq!(small.pixels, [191, 255, 255, 255]);
    }

    #[test]
    fn a_picture_that_is_small_enough_stays_and_is_written_as_png() {
        let same = Raster { width: 1, height: 1, channels: 3, pixels: vec![1, 2, 3] }.no_wider(10);
        assert_eq!(same.pixels, [1, 2, 3]);
        assert!(same.png().unwrap().starts_with(b"\x89PNG"));
    }
}

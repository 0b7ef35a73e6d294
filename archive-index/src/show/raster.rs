//! Pixels, made smaller and written as PNG.

use crate::text::{NoText, guard};

use super::Shown;

/// Pixels of one or three channels of eight bits.
pub(super) struct Raster {
    pub(super) width: u32,
    pub(super) height: u32,
    /// 1: grey; 3: red, green, blue.
    pub(super) channels: usize,
    pub(super) pixels: Vec<u8>,
}

impl Raster {
    /// The same no wider than `width`: each new pixel is the mean of those it stands for, so that thin strokes
    /// of a black-and-white scan turn grey and don't vanish.
    pub(super) fn no_wider(self, width: u32) -> Self {
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
    pub(super) fn png(&self) -> Result<Shown, NoText> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width, self.height);
        encoder.set_color(if self.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let damaged = |error: png::EncodingError| guard::damaged(&error.to_string());
        let mut writer = encoder.write_header().map_err(damaged)?;
        writer.write_image_data(&self.pixels).map_err(damaged)?;
        writer.finish().map_err(damaged)?;
        Ok(Shown { media_type: "image/png", bytes: out.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(same.png().unwrap().bytes.starts_with(b"\x89PNG"));
    }
}
